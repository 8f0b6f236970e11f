// The kind of a dataset's file: by its first bytes, and by its name if these are ambiguous.
import type { FileHandle } from "node:fs/promises";
import { extname } from "node:path";
import { EXIT } from "../../platform/exit-codes.ts";
import { systemReason, UserError } from "../../platform/user-error.ts";
import { openRegular } from "../regular-file.ts";
import { type DatasetFormat, type FileKind, FORMATS } from "./formats.ts";
import { PROMPT_COLUMNS } from "./layouts/prompt-column.ts";

const HEAD_BYTES = 64 * 1024;

/** First bytes of files that must be unpacked or converted first. */
const FOREIGN: readonly (readonly [bytes: readonly number[], what: string])[] = [
  [[0x1f, 0x8b], "is compressed with gzip. Unpack it with `gunzip`"],
  [[0x28, 0xb5, 0x2f, 0xfd], "is compressed with Zstandard. Unpack it with `unzstd`"],
  [[0x50, 0x4b, 3, 4], "is a zip archive. Unpack it with `unzip`"],
  [[0xff, 0xfe], "is in UTF-16. Convert it with `iconv -f utf-16 -t utf-8`"],
  [[0xfe, 0xff], "is in UTF-16. Convert it with `iconv -f utf-16 -t utf-8`"],
];

/** The first bytes that are not all blank: a file may begin with any number of empty lines. */
async function readHead(path: string): Promise<Buffer> {
  let file: FileHandle | undefined;
  try {
    file = await openRegular(path);
    for await (const chunk of file.createReadStream({ autoClose: false, highWaterMark: HEAD_BYTES })) {
      if (/[^\s\u00EF\u00BB\u00BF]/.test((chunk as Buffer).toString("latin1"))) return chunk as Buffer;
    }
  } catch (error) {
    throw new UserError(`Dataset ${path} cannot be read: ${systemReason(error)}. Check the path.`);
  } finally {
    await file?.close();
  }
  throw new UserError(`Dataset ${path} is empty. Fetch it again.`);
}

/** Whether the line can be the header of a CSV or TSV file with prompts. */
function isHeader(line: string, delimiter: "," | "\t"): boolean {
  const names = line.split(delimiter).map((name) => name.replaceAll('"', "").trim().toLowerCase());
  return names.length > 1 && PROMPT_COLUMNS.some((column) => names.includes(column));
}

/** @param forced never plain text */
function recogniseKind(path: string, text: string, forced: DatasetFormat | undefined): FileKind {
  const extension = extname(path).toLowerCase();
  if (extension === ".txt" && forced === undefined) return "text";
  if (extension === ".csv") return "csv";
  if (extension === ".tsv") return "tsv";
  if (text.startsWith("[")) return "array";
  if (text.startsWith("{") || /^\.(json|jsonl|ndjson)$/.test(extension)) return "lines";
  const [line = ""] = text.split("\n", 1);
  if (isHeader(line, ",")) return "csv";
  if (isHeader(line, "\t")) return "tsv";
  if (forced === undefined) return "text";
  return forced === "column" ? "csv" : "lines";
}

/**
 * @param forced the format that the user named
 * @throws UserError if the file cannot be read, is empty, packed, or of a kind that the forced format never has
 */
export async function readFileKind(path: string, forced?: DatasetFormat): Promise<FileKind> {
  const head = await readHead(path);
  if (head.subarray(0, 4).toString("latin1") === "PAR1") return checkForced(path, "parquet", forced);
  const foreign = FOREIGN.find(([bytes]) => bytes.every((byte, index) => head[index] === byte));
  if (foreign !== undefined) throw new UserError(`Dataset ${path} ${foreign[1]} first.`);
  if (head.includes(0)) {
    throw new UserError(
      `Dataset ${path} is not text. Give JSON, JSON lines, CSV, TSV, Parquet or plain text in UTF-8.`,
    );
  }
  if (forced === "text") return forced;
  const text = head.toString().replace(/^[\s\uFEFF]+/, "");
  return checkForced(path, recogniseKind(path, text, forced), forced);
}

const NAMES: Readonly<Record<FileKind, string>> = {
  array: "a JSON array",
  lines: "JSON lines",
  csv: "CSV",
  tsv: "TSV",
  parquet: "Parquet",
  text: "text",
};

function checkForced(path: string, kind: FileKind, forced: DatasetFormat | undefined): FileKind {
  if (forced === undefined || FORMATS[forced].kinds.includes(kind)) return kind;
  const name = NAMES[kind];
  throw new UserError(
    `Dataset ${path} is ${name}, which the format \`${forced}\` never is. Leave \`--dataset-format\` out to have it recognised.`,
    EXIT.usage,
  );
}
