// Prepares a dataset: any format in, the rows that pass the filter out, as JSON lines.
import { open, rename, rm } from "node:fs/promises";
import { DatasetError } from "../../../lib/core/prompts/read-dataset.ts";
import { type ReadingForm, toForm } from "../../../lib/core/prompts/reading-form.ts";
import type { FilterLimits } from "../../../lib/core/prompts/row-filter.ts";
import { toTemporaryPath } from "../../platform/temporary.ts";
import { systemReason, UserError } from "../../platform/user-error.ts";
import { CutOffError } from "./cut-off-error.ts";
import { toFingerprint } from "./fingerprint.ts";
import { type DatasetFormat, toDatasetRow } from "./formats.ts";
import { describeLeftOut, type LeftOutCounts } from "./layout.ts";
import { type OpenDataset, openDataset, type Reading } from "./open-dataset.ts";

export interface PreparedCounts {
  format: DatasetFormat;
  /** Rows of the input. */
  read: number;
  written: number;
  /** How many of the written rows repeat the prompt of an earlier one. */
  repeated: number;
  /** How many of the written rows say how long their answer is, without having it. */
  notedLengths: number;
  /** The file is cut off, and its whole rows were read. */
  isPartial: boolean;
  /** How many of the others were left out by which rule. */
  leftOut: LeftOutCounts;
}

/** Characters collected before they are written. */
const BATCH_CHARACTERS = 1 << 20;

/** The values up to the end of the file, even if it is cut off. */
async function* untilCutOff(values: AsyncIterable<unknown>, counts: PreparedCounts) {
  try {
    yield* values;
  } catch (error) {
    if (!(error instanceof CutOffError)) throw error;
    counts.isPartial = true;
  }
}

async function copyRows(
  { values, ...known }: OpenDataset,
  limits: FilterLimits & Reading & ReadingForm,
  write: (text: string) => Promise<void>,
): Promise<PreparedCounts> {
  const counts: PreparedCounts = {
    format: known.format,
    read: 0,
    written: 0,
    repeated: 0,
    notedLengths: 0,
    isPartial: false,
    leftOut: {},
  };
  const prompts = new Set<number>();
  let batch = "";
  for await (const value of limits.allowPartial ? untilCutOff(values, counts) : values) {
    const row = toDatasetRow(known, value, ++counts.read, { ...limits, keepAnswers: true });
    if (typeof row === "string") {
      counts.leftOut[row] = (counts.leftOut[row] ?? 0) + 1;
      continue;
    }
    counts.written++;
    if (row.answer === undefined && row.answerTokens !== undefined) counts.notedLengths++;
    prompts.add(toFingerprint(row.prompt));
    batch += `${JSON.stringify(toForm(row, limits))}\n`;
    if (batch.length < BATCH_CHARACTERS) continue;
    await write(batch);
    batch = "";
  }
  await write(batch);
  if (counts.written === 0) {
    const why = describeLeftOut(counts.leftOut, limits);
    throw new DatasetError(why === "" ? "it has no rows" : `no row passes the filter: ${why}`);
  }
  counts.repeated = counts.written - prompts.size;
  return counts;
}

/** "2 of 3 rows pass the filter; of the others 1 had …": what happened to the rows, without a full stop. */
export function describeCounts(
  { read, written, repeated, isPartial, leftOut }: PreparedCounts,
  limits: FilterLimits,
): string {
  const left = describeLeftOut(leftOut, limits);
  return [
    `${written} of ${read} rows pass the filter`,
    ...(left === "" ? [] : [`of the others ${left}`]),
    ...(repeated === 0
      ? []
      : [`${repeated} of those that pass repeat the prompt of an earlier one, and are kept`]),
    ...(isPartial ? [`the file is cut off after row ${read}`] : []),
  ].join("; ");
}

/**
 * Prepares a dataset. The output appears under its name only when it is complete; an old one remains until then.
 * @param input a file in any of FORMATS
 * @param remedy what helps where the output cannot be written
 * @throws UserError if the input is missing, empty or malformed, no row passes, or the output cannot be written
 */
export async function prepareDataset(
  input: string,
  output: string,
  options: FilterLimits & Reading & ReadingForm,
  remedy = "Choose another path with `--output`.",
): Promise<PreparedCounts> {
  const temporary = toTemporaryPath(output);
  const orSay = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw new UserError(`Cannot write the dataset ${output}: ${systemReason(error)}. ${remedy}`);
    }
  };
  const file = await orSay(open(temporary, "w"));
  try {
    const dataset = await openDataset(input, options);
    const counts = await copyRows(dataset, options, async (text) => void (await orSay(file.writeFile(text))));
    await file.close();
    await orSay(rename(temporary, output));
    return counts;
  } catch (error) {
    await file.close().catch(() => {});
    await rm(temporary, { force: true });
    throw error instanceof DatasetError ? new UserError(`Dataset ${input}: ${error.message}.`) : error;
  }
}
