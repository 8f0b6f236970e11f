// Streams the elements of a JSON array of any size, such as ShareGPT's 670 MB; with one element in memory at a time.
import { createReadStream } from "node:fs";
import type { Duplex } from "node:stream";
import { streamArray } from "stream-json/streamers/stream-array.js";
import { systemReason, UserError } from "../../platform/user-error.ts";
import { CutOffError } from "./cut-off-error.ts";
import { Utf8Decoder } from "./utf8-text.ts";

const CHUNK_BYTES = 64 * 1024;
/** More than the buffers between the file and the parser hold. */
const BUFFERED_BYTES = 4 * CHUNK_BYTES;

function createElementStream(): Duplex {
  // Only whole keys and values: pieces of them would cost several times as much.
  return streamArray.withParserAsStream({ packValues: true, streamValues: false });
}

/** Whether the parser took the bytes. */
function feed(elements: Duplex, bytes: Buffer): Promise<boolean> {
  return new Promise((resolve) => elements.write(bytes, (error) => resolve(!error)));
}

interface Break {
  /** From 0; the parser looks up to 16 bytes ahead. */
  offset: number;
  atEnd: boolean;
  wholeRows: number;
  /** The last whole rows, which had not been taken. */
  notTaken: unknown[];
}

/**
 * Where the array breaks, by a second reading: quickly up to `fineFrom`, byte by byte from there.
 * @param taken rows that the first reading returned; those in its buffers were lost with the error
 */
async function findBreak(path: string, fineFrom: number, taken: number): Promise<Break> {
  const found: Break = { offset: 0, atEnd: false, wholeRows: 0, notTaken: [] };
  const elements = createElementStream();
  elements.on("data", ({ value }: { value: unknown }) => {
    if (++found.wholeRows > taken) found.notTaken.push(value);
  });
  elements.on("error", () => {});
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
    const bytes = chunk as Buffer;
    const step = found.offset + bytes.length > fineFrom ? 1 : bytes.length;
    for (let at = 0; at < bytes.length; at += step) {
      if (!(await feed(elements, bytes.subarray(at, at + step)))) return found;
      found.offset += step;
    }
  }
  elements.destroy();
  return { ...found, atEnd: true };
}

/**
 * The elements of the array in the file, in order.
 * @throws UserError if the file is not a JSON array to its end, a CutOffError if it ends too early: names the byte and the
 *   number of whole rows before it
 */
export async function* readElements(path: string): AsyncGenerator<unknown> {
  const source = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  const elements = createElementStream();
  let taken = 0;
  let failure: Error | undefined;
  source.on("error", (error) => {
    failure = error;
    elements.destroy(error);
  });
  const decoder = new Utf8Decoder(path);
  source.on("data", (chunk) => {
    try {
      decoder.decode(chunk as Buffer);
    } catch (error) {
      source.destroy(error as UserError);
    }
  });
  const items = source.pipe(elements)[Symbol.asyncIterator]() as AsyncIterator<{ value: unknown }>;
  try {
    for (;;) {
      const item = await nextItem(items);
      if (item === undefined) return;
      taken++;
      yield item.value;
    }
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    if (failure instanceof UserError) throw failure;
    if (failure !== undefined)
      throw new UserError(`Dataset ${path} cannot be read: ${systemReason(failure)}.`);
    const found = await findBreak(path, source.bytesRead - BUFFERED_BYTES, taken);
    const { offset, atEnd, wholeRows, notTaken } = found;
    yield* notTaken;
    const rows = `after ${wholeRows} whole rows`;
    if (atEnd) throw new CutOffError(path, ` is cut off: it ends at byte ${offset}, ${rows}`);
    throw new UserError(
      `Dataset ${path} is malformed near byte ${offset}, ${rows}. Fetch it again, or repair it.`,
    );
  } finally {
    source.destroy();
    elements.destroy();
  }
}

class ParseError extends Error {}

/** Separates the parser's errors from those of the code that takes the elements. */
async function nextItem(items: AsyncIterator<{ value: unknown }>): Promise<{ value: unknown } | undefined> {
  try {
    const { done, value } = await items.next();
    return done ? undefined : value;
  } catch (error) {
    throw new ParseError("", { cause: error });
  }
}
