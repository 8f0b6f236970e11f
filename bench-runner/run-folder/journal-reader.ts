// Reads a records.jsonl of any size line by line.
import { closeSync, openSync, readSync } from "node:fs";
import { setImmediate as letOthersRun } from "node:timers/promises";
import type { JournalLine, RequestLine } from "../../lib/core/request/facts.ts";
import { systemReason, UserError } from "../platform/user-error.ts";
import { withoutGrowth } from "../platform/young-generation.ts";
import { shortenTexts } from "./journal-texts.ts";

/** What a reader learns about the file besides its lines. */
export interface JournalState {
  /** Number of the last line if it is incomplete, as after a crash or with a full disk. */
  tornLine?: number;
  /** How many lines repeat a request that was there before; they are left out. Absent where none does. */
  repeatedLines?: number;
}

export const LINE_FEED = 10;
const CHUNK_BYTES = 1 << 20;
/** Above it (a file that was written by something else) repeats are not looked for: 64 MB of bits. */
const LARGEST_ID = 2 ** 29 - 1;

/**
 * The lines of a journal in order. A torn last line is left out and reported in `state`.
 * @throws UserError for a file that cannot be read, for a malformed line (with its number), and for another schema
 */
export async function* readJournal(path: string, state: JournalState = {}): AsyncGenerator<JournalLine> {
  const reader = new LineReader(path, state);
  for await (const piece of readPieces(path)) yield* reader.readLines(piece);
}

/**
 * Calls `visit` with each line and the position of its first byte in the file; otherwise like `readJournal`.
 *
 * For a million lines: a promise per line would add a quarter to the time.
 */
export async function visitJournal(
  path: string,
  visit: (line: JournalLine, position: number) => void,
  state: JournalState = {},
): Promise<void> {
  const reader = new LineReader(path, state);
  await withoutGrowth(async () => {
    for await (const piece of readPieces(path))
      for (const line of reader.readLines(piece)) visit(line, reader.position);
  });
}

/** Whole lines of a file, or the rest after its last line feed. */
export interface Piece {
  bytes: Buffer;
  isWhole: boolean;
}

/**
 * Pieces through one buffer that is reused: each is valid until the next one is requested.
 *
 * Read in this thread, with a turn of the event loop for others after each: to have another thread read so little at a time,
 * and to be woken when it has, takes longer than reading where the machine is busy.
 * @throws UserError for a file that cannot be read
 */
export async function* readPieces(path: string): AsyncGenerator<Piece> {
  const file = openFile(path);
  try {
    let buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    let used = 0;
    for (;;) {
      if (used === buffer.length) buffer = Buffer.concat([buffer], buffer.length * 2);
      const bytes = readInto(file, path, buffer, used);
      if (bytes === 0) break;
      const filled = buffer.subarray(0, used + bytes);
      const end = filled.lastIndexOf(LINE_FEED) + 1;
      if (end > 0) yield { bytes: filled.subarray(0, end), isWhole: true };
      used = filled.copy(buffer, 0, end);
      await letOthersRun();
    }
    if (used > 0) yield { bytes: buffer.subarray(0, used), isWhole: false };
  } finally {
    closeSync(file);
  }
}

/** The ids of the requests so far, of one process each a small whole number: one bit each. */
class SeenIds {
  #bits = new Uint8Array(1 << 10);

  /** @returns whether it was there before; what is no id never was */
  add(id: number): boolean {
    if (!Number.isInteger(id) || id < 1 || id > LARGEST_ID) return false;
    const at = id >> 3;
    if (at >= this.#bits.length) {
      const more = new Uint8Array(2 ** Math.ceil(Math.log2(at + 1)));
      more.set(this.#bits);
      this.#bits = more;
    }
    const bit = 1 << (id & 7);
    const wasThere = ((this.#bits[at] as number) & bit) !== 0;
    this.#bits[at] = (this.#bits[at] as number) | bit;
    return wasThere;
  }
}

/** Parses the lines of a journal from its pieces, given in order, and counts them. */
class LineReader {
  readonly #path: string;
  readonly #state: JournalState;
  #number = 0;
  #pieceStart = 0;
  readonly #seen = new SeenIds();
  #repeated = 0;
  /** The first byte of the last line, in the file. */
  position = 0;

  constructor(path: string, state: JournalState) {
    this.#path = path;
    this.#state = state;
  }

  *readLines({ bytes, isWhole }: Piece): Generator<JournalLine> {
    let start = 0;
    while (start < bytes.length) {
      const end = isWhole ? bytes.indexOf(LINE_FEED, start) : bytes.length;
      const text = bytes.toString("utf8", start, end);
      this.position = this.#pieceStart + start;
      start = end + 1;
      this.#number += 1;
      if (text.trim() === "") continue;
      const line = parseLine(text);
      if (line !== undefined && line.type === "request" && this.#seen.add(line.id)) {
        this.#repeated += 1;
        this.#state.repeatedLines = this.#repeated;
      } else if (line !== undefined) yield checkSchema(line, this.#path);
      else if (isWhole) throw malformed(this.#path, this.#number);
      else this.#state.tornLine = this.#number;
    }
    this.#pieceStart += bytes.length;
  }
}

function openFile(path: string): number {
  try {
    return openSync(path, "r");
  } catch (error) {
    throw unreadable(path, error);
  }
}

function readInto(file: number, path: string, buffer: Buffer, offset: number): number {
  try {
    return readSync(file, buffer, offset, buffer.length - offset, null);
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): UserError {
  return new UserError(`The journal ${path} cannot be read: ${systemReason(error)}.`);
}

/** What every request has, and everything is counted from. */
function hasTimes(line: Partial<RequestLine>): boolean {
  return [line.id, line.startMs, line.endMs].every(Number.isFinite);
}

function parseLine(text: string): JournalLine | undefined {
  try {
    const line: unknown = JSON.parse(text);
    if (line === null || typeof line !== "object" || !("type" in line)) return undefined;
    if (line.type !== "request") return line as JournalLine;
    if (!hasTimes(line as Partial<RequestLine>)) return undefined;
    shortenTexts(line as RequestLine);
    return line as RequestLine;
  } catch {
    return undefined;
  }
}

function malformed(path: string, number: number): UserError {
  return new UserError(
    `Line ${number} of the journal ${path} is not a JSON object with a \`type\`. Restore the file, or remove that line to exclude its request.`,
  );
}

function checkSchema(line: JournalLine, path: string): JournalLine {
  if (line.type === "header" && line.schema !== "server-bench/records/1") {
    throw new UserError(
      `The journal ${path} has the schema \`${line.schema}\`, but this version reads \`server-bench/records/1\`. Use the version that wrote it.`,
    );
  }
  return line;
}
