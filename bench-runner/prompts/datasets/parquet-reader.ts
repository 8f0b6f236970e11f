// Streams the rows of a Parquet file; with one row group of the requested columns in memory at a time.
import * as zlib from "node:zlib";
import {
  asyncBufferFromFile,
  type Compressors,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
} from "hyparquet";
import { systemReason, UserError } from "../../platform/user-error.ts";

/** The library itself has Snappy, the usual one. */
const COMPRESSORS: Compressors = {
  GZIP: (bytes) => zlib.gunzipSync(bytes),
  BROTLI: (bytes) => zlib.brotliDecompressSync(bytes),
  ZSTD: (bytes) => zlib.zstdDecompressSync(bytes),
};

/**
 * A value as in JSON: 64-bit integers as numbers. In a table every nested value has every key, `null` if it was written
 * without: those are omitted.
 */
function toJsonValue(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return value.map(toJsonValue);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) {
    return value;
  }
  const entries = Object.entries(value).filter(([, inner]) => inner !== null && inner !== undefined);
  return Object.fromEntries(entries.map(([key, inner]) => [key, toJsonValue(inner)]));
}

export interface ParquetFile {
  columns: string[];
  /** The rows with these columns of the file, in order. @throws UserError if a row group cannot be read */
  read: (columns: readonly string[]) => AsyncGenerator<Record<string, unknown>>;
}

/** @throws UserError if the file's metadata, at its end, is missing or damaged */
export async function openParquet(path: string): Promise<ParquetFile> {
  const file = await asyncBufferFromFile(path);
  let metadata: FileMetaData;
  try {
    metadata = await parquetMetadataAsync(file);
  } catch (error) {
    throw new UserError(
      `Dataset ${path} is a Parquet file that is cut off or damaged at its end, byte ${file.byteLength} (${systemReason(error)}). Fetch it again.`,
    );
  }
  const known = parquetSchema(metadata).children.map(({ element }) => element.name);
  async function* read(columns: readonly string[]) {
    const asked = {
      file,
      metadata,
      compressors: COMPRESSORS,
      columns: known.filter((name) => columns.some((column) => column.toLowerCase() === name.toLowerCase())),
    };
    let rowStart = 0;
    for (const { num_rows } of metadata.row_groups) {
      const rowEnd = rowStart + Number(num_rows);
      let rows: Record<string, unknown>[];
      try {
        rows = await parquetReadObjects({ ...asked, rowStart, rowEnd });
      } catch (error) {
        throw new UserError(
          `Dataset ${path}: rows ${rowStart + 1} to ${rowEnd} cannot be read (${systemReason(error)}). Fetch the file again, or convert it to JSON lines.`,
        );
      }
      for (const row of rows) {
        yield Object.fromEntries(Object.entries(row).map(([name, value]) => [name, toJsonValue(value)]));
      }
      rowStart = rowEnd;
    }
  }
  return { columns: known, read };
}
