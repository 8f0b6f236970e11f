// Streams the rows of a Parquet file; one row group of the asked columns at a time is in memory.
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

/** Snappy, the usual one, is the library's own. */
const COMPRESSORS: Compressors = {
  GZIP: (bytes) => zlib.gunzipSync(bytes),
  BROTLI: (bytes) => zlib.brotliDecompressSync(bytes),
  ZSTD: (bytes) => zlib.zstdDecompressSync(bytes),
};

/**
 * A value as JSON has it: whole numbers of 64 bits as numbers. In a table every nested value has every key, `null` where
 * it was written without: those are left out.
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
  /** The rows with these columns of the file, in order. @throws UserError when a row group cannot be read */
  read: (columns: readonly string[]) => AsyncGenerator<Record<string, unknown>>;
}

/** @throws UserError when the file ends without its table of contents, which is its end, or this is damaged */
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
