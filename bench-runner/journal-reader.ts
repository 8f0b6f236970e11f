// Reads records.jsonl line by line, however large it is.
import { type FileHandle, open } from "node:fs/promises";
import type { JournalLine } from "../lib/core/facts.ts";
import { systemReason, UserError } from "./user-error.ts";

/** What a reader learns about the file besides its lines. */
export interface JournalState {
  /** Number of the last line where it was cut off in the middle: what a crash or a full disk leaves behind. */
  tornLine?: number;
}

const LINE_FEED = 10;
const CHUNK_BYTES = 1 << 20;

/**
 * The lines of a journal in order. A torn last line is left out and reported in `state`.
 * @throws UserError for a file that cannot be read, for a malformed line (with its number), and for another schema
 */
export async function* readJournal(path: string, state: JournalState = {}): AsyncGenerator<JournalLine> {
  let number = 0;
  for await (const { text, isWhole } of readLines(path)) {
    number += 1;
    if (text.trim() === "") continue;
    const line = parseLine(text);
    if (line !== undefined) yield checkSchema(line, path);
    else if (isWhole) throw malformed(path, number);
    else state.tornLine = number;
  }
}

/** Texts of the lines, through one buffer that is used again and again; `isWhole` is false for a last one without its end. */
async function* readLines(path: string): AsyncGenerator<{ text: string; isWhole: boolean }> {
  const file = await openFile(path);
  try {
    let buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    let used = 0;
    for (;;) {
      if (used === buffer.length) buffer = Buffer.concat([buffer], buffer.length * 2);
      const bytes = await readInto(file, path, buffer, used);
      const filled = buffer.subarray(0, used + bytes);
      let start = 0;
      for (let end = filled.indexOf(LINE_FEED, used); end >= 0; end = filled.indexOf(LINE_FEED, start)) {
        yield { text: filled.toString("utf8", start, end), isWhole: true };
        start = end + 1;
      }
      used = filled.copy(buffer, 0, start);
      if (bytes === 0) break;
    }
    if (used > 0) yield { text: buffer.toString("utf8", 0, used), isWhole: false };
  } finally {
    await file.close();
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function readInto(file: FileHandle, path: string, buffer: Buffer, offset: number): Promise<number> {
  try {
    return (await file.read(buffer, offset, buffer.length - offset)).bytesRead;
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): UserError {
  return new UserError(`The journal ${path} cannot be read: ${systemReason(error)}.`);
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
