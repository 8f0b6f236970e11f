// Opens a dataset of any format: recognises the format, and streams its values.
import type { LoadOptions } from "../../../lib/core/options/options.ts";
import { ANSWER_LENGTH_NAMES, ANSWER_LIMIT_NAMES } from "../../../lib/core/prompts/answer-length.ts";
import { LEADING_ROWS } from "../../../lib/core/prompts/read-dataset.ts";
import { EXIT } from "../../platform/exit-codes.ts";
import { UserError } from "../../platform/user-error.ts";
import { readFileKind } from "./file-kind.ts";
import { type DatasetFormat, type FileKind, FORMATS, type KnownLayout, recogniseFormat } from "./formats.ts";
import { toColumnLayout } from "./layouts/prompt-column.ts";
import { readJsonLines, readTextLines } from "./line-readers.ts";

/** The user's options for the file. */
export type Reading = Partial<Pick<LoadOptions, "datasetFormat" | "datasetColumn" | "allowPartial">>;

export interface OpenDataset extends KnownLayout {
  /** The values of the file's rows, in order. */
  values: AsyncIterable<unknown>;
}

/** A format's package is loaded when a file has that format: most runs need none. */
const READERS: Record<Exclude<FileKind, "parquet">, (path: string) => Promise<AsyncGenerator<unknown>>> = {
  array: async (path) => (await import("./array-reader.ts")).readElements(path),
  lines: async (path) => readJsonLines(path),
  csv: async (path) => (await import("./csv-reader.ts")).readCsv(path),
  tsv: async (path) => (await import("./csv-reader.ts")).readCsv(path, "\t"),
  text: async (path) => readTextLines(path),
};

const keysOf = (row: unknown) => (typeof row === "object" && row !== null ? Object.keys(row) : []);

/** "but `a`, `b`" */
function describeKeys(row: unknown): string {
  const keys = keysOf(row).slice(0, 12);
  return `but ${keys.map((key) => `\`${key}\``).join(", ") || "no keys at all"}`;
}

/** @throws UserError if the last of the rows is in no known format; lists the keys of the first */
function chooseFormat(path: string, kind: FileKind, rows: readonly unknown[]): DatasetFormat {
  const format = recogniseFormat(kind, rows.at(-1));
  if (format !== undefined) return format;
  const what =
    kind === "csv" || kind === "tsv"
      ? ` has no ${FORMATS.column.layout.shape}`
      : ": row 1 has neither a text `prompt`, `question` or `text` nor a list of `messages` or `conversations`";
  throw new UserError(
    `Dataset ${path}${what}, ${describeKeys(rows[0])}. Name the column of the prompts with \`--dataset-column\`.`,
  );
}

const hasColumn = (row: unknown, column: string) =>
  keysOf(row).some((key) => key.toLowerCase() === column.toLowerCase());

/**
 * @param rows the first ones, up to the first that shows the format, see readHead
 * @throws UserError if the file lacks the column that the user named, or has no known format
 */
function chooseLayout(path: string, kind: FileKind, reading: Reading, rows: readonly unknown[]): KnownLayout {
  const { datasetFormat, datasetColumn: column } = reading;
  if (column === undefined) {
    const format = datasetFormat ?? chooseFormat(path, kind, rows);
    return { format, layout: FORMATS[format].layout };
  }
  const layout = toColumnLayout([column]);
  if (!hasColumn(rows.at(-1), column)) {
    throw new UserError(
      `Dataset ${path} has no ${layout.shape}, ${describeKeys(rows[0])}. Correct \`--dataset-column\`.`,
      EXIT.usage,
    );
  }
  return { format: "column", layout };
}

/** The first rows up to the one that shows the format: one, unless it lacks what others have. */
async function readHead(
  values: AsyncGenerator<unknown>,
  kind: FileKind,
  { datasetFormat, datasetColumn: column }: Reading,
): Promise<unknown[]> {
  const shows = (row: unknown) =>
    column === undefined
      ? (datasetFormat ?? recogniseFormat(kind, row)) !== undefined
      : hasColumn(row, column);
  const rows: unknown[] = [];
  while (rows.length < LEADING_ROWS) {
    const next = await values.next();
    if (next.done) break;
    rows.push(next.value);
    if (shows(next.value)) break;
  }
  return rows;
}

async function* putBack(head: readonly unknown[], rest: AsyncGenerator<unknown>): AsyncGenerator<unknown> {
  try {
    yield* head;
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
    const { openParquet } = await import("./parquet-reader.ts");
    const { columns, read } = await openParquet(path);
    const names = Object.fromEntries(columns.map((name) => [name, undefined]));
    const known = chooseLayout(path, kind, reading, [names]);
    return {
      ...known,
      values: read([...known.layout.columns, ...ANSWER_LENGTH_NAMES, ...ANSWER_LIMIT_NAMES]),
    };
  }
  const values = await READERS[kind](path);
  try {
    const head = await readHead(values, kind, reading);
    if (head.length === 0) return { format: "rows", layout: FORMATS.rows.layout, values };
    return { ...chooseLayout(path, kind, reading, head), values: putBack(head, values) };
  } catch (error) {
    await values.return(undefined);
    throw error;
  }
}
