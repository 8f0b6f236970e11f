// Reads records.jsonl line by line, however large it is.
import { createReadStream } from "node:fs";
import type { JournalLine } from "../lib/core/facts.ts";
import { systemReason, UserError } from "./user-error.ts";

/** What a reader learns about the file besides its lines. */
export interface JournalState {
  /** Number of the last line where it was cut off in the middle: what a crash or a full disk leaves behind. */
  tornLine?: number;
}

const LINE_FEED = 10;

/**
 * The lines of a journal in order. A torn last line is left out and reported in `state`.
 * @throws UserError for a file that cannot be read, for a malformed line (with its number), and for another schema
 */
export async function* readJournal(path: string, state: JournalState = {}): AsyncGenerator<JournalLine> {
  let rest: Buffer[] = [];
  let number = 0;
  for await (const chunk of readChunks(path)) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      const text = Buffer.concat([...rest, chunk.subarray(start, end)]).toString("utf8");
      rest = [];
      start = end + 1;
      number += 1;
      if (text.trim() === "") continue;
      const line = parseLine(text);
      if (line === undefined) throw malformed(path, number);
      yield checkSchema(line, path);
    }
    if (start < chunk.length) rest.push(chunk.subarray(start));
  }
  const last = Buffer.concat(rest).toString("utf8");
  if (last.trim() === "") return;
  const line = parseLine(last);
  if (line === undefined) state.tornLine = number + 1;
  else yield checkSchema(line, path);
}

async function* readChunks(path: string): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>;
  } catch (error) {
    throw new UserError(`The journal ${path} cannot be read: ${systemReason(error)}.`);
  }
}

function parseLine(text: string): JournalLine | undefined {
  try {
    const line: unknown = JSON.parse(text);
    return line !== null && typeof line === "object" && "type" in line ? (line as JournalLine) : undefined;
  } catch {
    return undefined;
  }
}

function malformed(path: string, number: number): UserError {
  return new UserError(
    `Line ${number} of the journal ${path} is not a JSON object with a \`type\`. Restore the file, or remove that line to leave its request out.`,
  );
}

function checkSchema(line: JournalLine, path: string): JournalLine {
  if (line.type === "header" && line.schema !== "server-bench/records/1") {
    throw new UserError(
      `The journal ${path} has the schema \`${line.schema}\`, this version reads \`server-bench/records/1\`. Use the version that wrote it.`,
    );
  }
  return line;
}
