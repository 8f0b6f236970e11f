// Reads a journal a second time: combines the kept rows of its requests with the token gaps of each line.
import type { RequestLine } from "../../../lib/core/request/facts.ts";
import { UserError } from "../../platform/user-error.ts";
import { withoutGrowth } from "../../platform/young-generation.ts";
import { LINE_FEED, readPieces } from "../../run-folder/journal-reader.ts";
import type { KeptRequest, RequestRows } from "./request-rows.ts";

/**
 * Calls `visit` with each request, in the order of the journal.
 *
 * Gaps are read from the bytes: parsing the whole line again takes four times as long, and the rest of it is known.
 * @param rows the rows of the same journal
 * @throws UserError for a journal that cannot be read, or that has changed since the first reading
 */
export async function visitRows(
  path: string,
  rows: RequestRows,
  visit: (request: KeptRequest) => void,
): Promise<void> {
  let row = 0;
  let pieceStart = 0;
  await withoutGrowth(async () => {
    for await (const { bytes } of readPieces(path)) {
      for (; row < rows.length; row += 1) {
        const position = rows.linePosition.get(row);
        if (position !== undefined && position >= pieceStart + bytes.length) break;
        const request = rows.get(row);
        if (position !== undefined) {
          const isCertain = rows.hasUncertainGaps.get(row) === undefined;
          putGaps(request, bytes, { start: position - pieceStart, isCertain, path });
        }
        visit(request);
      }
      pieceStart += bytes.length;
    }
  });
  if (row < rows.length) throw changed(path);
}

interface LinePlace {
  /** Offset of the line in the bytes. */
  start: number;
  /** Every gap is known. */
  isCertain: boolean;
  path: string;
}

function putGaps(request: KeptRequest, bytes: Buffer, { start, isCertain, path }: LinePlace): void {
  const lineFeed = bytes.indexOf(LINE_FEED, start);
  const end = lineFeed < 0 ? bytes.length : lineFeed;
  const gapsUs = readGaps(bytes, start, end);
  const uncertain = isCertain ? [] : readUncertainGaps(bytes, start, end);
  if (gapsUs === undefined || uncertain === undefined) {
    putParsedGaps(request, bytes.toString("utf8", start, end), path);
    return;
  }
  request.gapsUs = gapsUs;
  if (uncertain.length > 0) request.uncertainGaps = uncertain;
}

/** The fallback if the gaps are not a list of whole numbers, or the line is not formatted as the extension does it. */
function putParsedGaps(request: KeptRequest, text: string, path: string): void {
  const { gapsUs, gapHistogramUs, uncertainGaps, tokensBySecond } = parseRequest(text, path);
  if (gapHistogramUs !== undefined) request.gapHistogramUs = gapHistogramUs;
  if (uncertainGaps !== undefined) request.uncertainGaps = uncertainGaps;
  if (gapsUs !== undefined) request.gapsUs = gapsUs;
  else if (tokensBySecond !== undefined) request.tokensBySecond = tokensBySecond;
}

function parseRequest(text: string, path: string): RequestLine {
  try {
    return JSON.parse(text) as RequestLine;
  } catch {
    throw changed(path);
  }
}

function changed(path: string): UserError {
  return new UserError(`The journal ${path} has changed while it was read. Make the results once more.`);
}

/** Cannot occur inside a text: in JSON the quotation mark after the name would be escaped. */
const KEY = Buffer.from('"gapsUs":[');
const [COMMA, CLOSE, ZERO] = [...Buffer.from(",]0")] as [number, number, number];

/**
 * The gaps that a line of a journal lists, in whole microseconds.
 * @param start offset in `bytes` at which the line starts; it ends at `end`
 * @returns undefined if they are not listed as the extension does it: digits and commas only
 */
export function readGaps(bytes: Buffer, start: number, end: number): number[] | undefined {
  const key = bytes.indexOf(KEY, start);
  if (key < 0 || key >= end) return undefined;
  const gapsUs: number[] = [];
  const first = key + KEY.length;
  let value = 0;
  for (let at = first; at < end; at += 1) {
    const byte = bytes[at] as number;
    const digit = byte - ZERO;
    if (digit >= 0 && digit <= 9) value = value * 10 + digit;
    else if (byte === COMMA) {
      gapsUs.push(value);
      value = 0;
    } else if (byte === CLOSE) {
      if (at > first) gapsUs.push(value);
      return gapsUs;
    } else return undefined;
  }
  return undefined;
}

const UNCERTAIN_KEY = Buffer.from('"uncertainGaps":[[');

/** The gaps of a line that are not known; undefined if they are not listed as the extension does it. */
function readUncertainGaps(bytes: Buffer, start: number, end: number): [number, number][] | undefined {
  const key = bytes.indexOf(UNCERTAIN_KEY, start);
  if (key < 0 || key >= end) return undefined;
  const first = key + UNCERTAIN_KEY.length - 2;
  const last = bytes.indexOf("]]", first) + 2;
  return last < 2 || last > end
    ? undefined
    : (JSON.parse(bytes.toString("latin1", first, last)) as [number, number][]);
}
