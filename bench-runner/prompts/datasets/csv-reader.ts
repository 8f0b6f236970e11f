// Streams the rows of a file of columns, CSV or TSV; its first line names the columns.
import { pipeline, Readable } from "node:stream";
import { CsvError, parse } from "csv-parse";
import { UserError } from "../../platform/user-error.ts";
import { readText } from "./utf8-text.ts";

/** An unclosed quote would turn the rest of the file into one row. */
const MOST_ROW_CHARACTERS = 64 * 1024 * 1024;

/**
 * The rows by column; names in lower case, values as texts.
 * @throws UserError for a malformed row; names its line
 */
export async function* readCsv(
  path: string,
  delimiter: "," | "\t" = ",",
): AsyncGenerator<Record<string, string>> {
  const parser = parse({
    delimiter,
    // Most programs write the quotes of a TSV file's texts as they are.
    relax_quotes: delimiter === "\t",
    columns: (header: string[]) => header.map((name) => name.trim().toLowerCase()),
    max_record_size: MOST_ROW_CHARACTERS,
    skip_empty_lines: true,
  });
  // Passes a read error on to the iteration, and ends the reading with the iteration.
  pipeline(Readable.from(readText(path)), parser, () => {});
  try {
    for await (const row of parser) yield row as Record<string, string>;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const isCount = error.code === "CSV_RECORD_INCONSISTENT_COLUMNS";
    const what = isCount
      ? "has a different number of columns than the first line"
      : "is malformed or cut off: check its quotes";
    throw new UserError(
      `Dataset ${path}: line ${String(error.lines)} ${what}. Correct it, or force the format with \`--dataset-format\`.`,
    );
  }
}
