// Streams the rows of a trace, JSON lines or CSV, of any size; with a few kilobytes in memory at a time.
import type { FileHandle } from "node:fs/promises";
import { pipeline, type Readable } from "node:stream";
import { CsvError, parse } from "csv-parse";
import { EXIT } from "../../platform/exit-codes.ts";
import { systemReason, UserError } from "../../platform/user-error.ts";
import { openRegular } from "../regular-file.ts";

/** By key or column. CSV's column names are in lower case, its values are texts. */
export type TraceValues = Readonly<Record<string, unknown>>;

export interface TraceRow {
  /** In the file, from 1. */
  line: number;
  values: TraceValues;
}

const MOST_LINE_CHARACTERS = 1 << 24;

/** An error at a line of the file. @param the text after "Trace FILE, line 7" */
export function toRowError(path: string, line: number, what: string): UserError {
  return new UserError(`Trace ${path}, line ${line}${what} Correct the line, or remove it.`, EXIT.usage);
}

/** Whether the file is JSON lines, by its first character. @throws UserError if it is not text */
async function isJsonLines(path: string, file: FileHandle): Promise<boolean> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(4096), 0, 4096, 0);
  const beginning = buffer.subarray(0, bytesRead);
  if (beginning.includes(0)) {
    throw new UserError(
      `Trace ${path} is not text: it is compressed, or in UTF-16. Unpack or convert it first.`,
      EXIT.usage,
    );
  }
  return /^[\s\uFEFF]*[{[]/.test(beginning.toString());
}

async function* toLines(path: string, source: Readable): AsyncGenerator<{ line: number; text: string }> {
  let line = 0;
  let rest = "";
  for await (const chunk of source.setEncoding("utf8")) {
    const texts = (rest + chunk).split("\n");
    rest = texts.pop() as string;
    for (const text of texts) yield { line: ++line, text };
    if (rest.length > MOST_LINE_CHARACTERS) {
      throw toRowError(path, line + 1, " is longer than 16 million characters: expected one request a line.");
    }
  }
  yield { line: ++line, text: rest };
}

async function* toJsonRows(path: string, source: Readable): AsyncGenerator<TraceRow> {
  for await (const { line, text } of toLines(path, source)) {
    const json = text.replace(/^\uFEFF/, "").trim();
    if (json === "") continue;
    let values: unknown;
    try {
      values = JSON.parse(json);
    } catch {
      // Reported below.
    }
    if (typeof values !== "object" || values === null || Array.isArray(values)) {
      throw toRowError(path, line, " is malformed or cut off: expected one JSON object a line.");
    }
    yield { line, values: values as TraceValues };
  }
}

async function* toCsvRows(path: string, source: Readable): AsyncGenerator<TraceRow> {
  const parser = parse({
    bom: true,
    columns: (header: string[]) => header.map((name) => name.toLowerCase()),
    info: true,
    max_record_size: 1 << 20,
    skip_empty_lines: true,
    trim: true,
  });
  // Passes a read error on to the iteration, and ends the reading with the iteration.
  pipeline(source, parser, () => {});
  try {
    for await (const row of parser) {
      const { info, record } = row as { info: { lines: number }; record: TraceValues };
      yield { line: info.lines, values: record };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const isCount = error.code === "CSV_RECORD_INCONSISTENT_COLUMNS";
    const what = isCount
      ? "has a different number of columns than the header"
      : "is malformed CSV: check its quotes";
    throw toRowError(path, Number(error.lines), ` ${what}.`);
  }
}

/**
 * The rows of a trace in the file's order, blank lines left out.
 * @throws UserError if the file cannot be read, is not text, or a line is malformed; names the line
 */
export async function* readTraceRows(path: string): AsyncGenerator<TraceRow> {
  let file: FileHandle | undefined;
  try {
    file = await openRegular(path);
    const isJson = await isJsonLines(path, file);
    const source = file.createReadStream({ start: 0, autoClose: false });
    yield* isJson ? toJsonRows(path, source) : toCsvRows(path, source);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`Trace ${path} cannot be read: ${systemReason(error)}. Check \`--trace\`.`);
  } finally {
    await file?.close();
  }
}
