// Makes a compact dataset of any other: ShareGPT or rows in, the rows that pass the filter out, as JSON lines.
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { DatasetError, requireRows, toRow } from "../../lib/core/read-dataset.ts";
import type { FilterCounts, FilterLimits } from "../../lib/core/row-filter.ts";
import { systemReason, UserError } from "../user-error.ts";
import { readJsonLines } from "./jsonl-reader.ts";
import { readElements } from "./sharegpt-reader.ts";

export interface PreparedCounts {
  /** Rows of the input. */
  read: number;
  written: number;
  /** How many of the others failed which rule. */
  failures: FilterCounts;
}

/** So much text is gathered before it is written. */
const BATCH_CHARACTERS = 1 << 20;

function toReadError(path: string, reason: string): UserError {
  return new UserError(`Dataset ${path} cannot be read: ${reason}. Check the path.`);
}

/** The first character that is neither white space nor a byte order mark: it tells an array from lines. */
async function readFirstCharacter(path: string): Promise<string> {
  let file: FileHandle | undefined;
  try {
    file = await open(path);
    if ((await file.stat()).isDirectory()) throw Object.assign(new Error(), { code: "EISDIR" });
    for await (const chunk of file.createReadStream({ autoClose: false })) {
      const found = /[^\s\u00EF\u00BB\u00BF]/.exec((chunk as Buffer).toString("latin1"));
      if (found !== null) return found[0];
    }
  } catch (error) {
    throw toReadError(path, systemReason(error));
  } finally {
    await file?.close();
  }
  throw new UserError(`Dataset ${path} is empty. Fetch it again.`);
}

async function copyRows(
  values: AsyncIterable<unknown>,
  limits: FilterLimits,
  write: (text: string) => Promise<void>,
): Promise<PreparedCounts> {
  const counts: PreparedCounts = { read: 0, written: 0, failures: {} };
  let batch = "";
  for await (const value of values) {
    const row = toRow(value, ++counts.read, limits);
    if (typeof row === "string") {
      counts.failures[row] = (counts.failures[row] ?? 0) + 1;
      continue;
    }
    counts.written++;
    batch += `${JSON.stringify(row)}\n`;
    if (batch.length < BATCH_CHARACTERS) continue;
    await write(batch);
    batch = "";
  }
  await write(batch);
  requireRows(counts.written, counts.failures, limits);
  return counts;
}

/**
 * Prepares a dataset. The output appears under its name only when it is whole; an old one stays until then.
 * @param input a JSON array of ShareGPT conversations or of rows, or one of them a line
 * @throws UserError when the input is missing, empty or malformed, when no row passes, when the output cannot be written
 */
export async function prepareDataset(
  input: string,
  output: string,
  limits: FilterLimits,
): Promise<PreparedCounts> {
  const isArray = (await readFirstCharacter(input)) === "[";
  const temporary = `${output}.${process.pid}.tmp`;
  const orSay = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw new UserError(
        `Cannot write the dataset ${output}: ${systemReason(error)}. Name another place by \`--output\`.`,
      );
    }
  };
  const file = await orSay(open(temporary, "w"));
  try {
    const values = isArray ? readElements(input) : readJsonLines(input);
    const counts = await copyRows(values, limits, async (text) => void (await orSay(file.writeFile(text))));
    await file.close();
    await orSay(rename(temporary, output));
    return counts;
  } catch (error) {
    await file.close().catch(() => {});
    await rm(temporary, { force: true });
    throw error instanceof DatasetError ? new UserError(`Dataset ${input}: ${error.message}.`) : error;
  }
}
