// Opens a dataset of any format: recognises the format, and streams its values.
import type { LoadOptions } from "../../../lib/core/options/options.ts";
import { EXIT } from "../../platform/exit-codes.ts";
import { UserError } from "../../platform/user-error.ts";
import { readElements } from "./array-reader.ts";
import { readCsv } from "./csv-reader.ts";
import { readFileKind } from "./file-kind.ts";
import { type DatasetFormat, type FileKind, FORMATS, type KnownLayout, recogniseFormat } from "./formats.ts";
import { toColumnLayout } from "./layouts/prompt-column.ts";
import { readJsonLines, readTextLines } from "./line-readers.ts";
import { openParquet } from "./parquet-reader.ts";

/** The user's options for the file. */
export type Reading = Partial<Pick<LoadOptions, "datasetFormat" | "datasetColumn" | "allowPartial">>;

export interface OpenDataset extends KnownLayout {
  /** The values of the file's rows, in order. */
  values: AsyncIterable<unknown>;
}

const READERS: Record<Exclude<FileKind, "parquet">, (path: string) => AsyncGenerator<unknown>> = {
  array: readElements,
  lines: readJsonLines,
  csv: readCsv,
  text: readTextLines,
};

const keysOf = (row: unknown) => (typeof row === "object" && row !== null ? Object.keys(row) : []);

/** "but `a`, `b`" */
function describeKeys(row: unknown): string {
  const keys = keysOf(row).slice(0, 12);
  return `but ${keys.map((key) => `\`${key}\``).join(", ") || "no keys at all"}`;
}

/** @throws UserError if the first row is in no known format; lists its keys */
function chooseFormat(path: string, kind: FileKind, firstRow: unknown): DatasetFormat {
  const format = recogniseFormat(kind, firstRow);
  if (format !== undefined) return format;
  const what =
    kind === "csv"
      ? ` has no ${FORMATS.column.layout.shape}`
      : ": row 1 has neither a text `prompt` nor a list of `messages` or `conversations`";
  throw new UserError(
    `Dataset ${path}${what}, ${describeKeys(firstRow)}. Name the column of the prompts with \`--dataset-column\`.`,
  );
}

/** @throws UserError if the file lacks the column that the user named, or has no known format */
function chooseLayout(path: string, kind: FileKind, reading: Reading, firstRow: unknown): KnownLayout {
  const { datasetFormat, datasetColumn: column } = reading;
  if (column === undefined) {
    const format = datasetFormat ?? chooseFormat(path, kind, firstRow);
    return { format, layout: FORMATS[format].layout };
  }
  const layout = toColumnLayout([column]);
  if (!keysOf(firstRow).some((key) => key.toLowerCase() === column.toLowerCase())) {
    throw new UserError(
      `Dataset ${path} has no ${layout.shape}, ${describeKeys(firstRow)}. Correct \`--dataset-column\`.`,
      EXIT.usage,
    );
  }
  return { format: "column", layout };
}

async function* putBack(first: unknown, rest: AsyncGenerator<unknown>): AsyncGenerator<unknown> {
  try {
    yield first;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}

/**
 * @throws UserError if the file is missing, empty, malformed at its beginning or in no known format, or if the user's
 *   options do not fit it
 */
export async function openDataset(path: string, reading: Reading): Promise<OpenDataset> {
  const { datasetColumn: column, datasetFormat = column === undefined ? undefined : "column" } = reading;
  if (column !== undefined && datasetFormat !== "column") {
    throw new UserError(
      `\`--dataset-column\` cannot go with \`--dataset-format ${datasetFormat}\`, whose columns are known. Leave one of them out.`,
      EXIT.usage,
    );
  }
  const kind = await readFileKind(path, datasetFormat);
  if (kind === "parquet") {
    const { columns, read } = await openParquet(path);
    const names = Object.fromEntries(columns.map((name) => [name, undefined]));
    const known = chooseLayout(path, kind, reading, names);
    return { ...known, values: read(known.layout.columns) };
  }
  const values = READERS[kind](path);
  const first = await values.next();
  if (first.done) return { format: "rows", layout: FORMATS.rows.layout, values };
  try {
    return { ...chooseLayout(path, kind, reading, first.value), values: putBack(first.value, values) };
  } catch (error) {
    await values.return(undefined);
    throw error;
  }
}
