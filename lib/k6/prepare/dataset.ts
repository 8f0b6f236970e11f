// The rows of a direct `k6 run`: from the dataset's file, or synthetic.

import { toReadingForm } from "../../core/apis/apis.ts";
import { OptionError } from "../../core/option-error.ts";
import { LOAD_OPTIONS, type LoadOptions } from "../../core/options/options.ts";
import { DEFAULT_PROMPTS, toPromptCount } from "../../core/plans/prompt-count.ts";
import { withOutputTokens } from "../../core/prompts/output-lengths.ts";
import { type CoreFormat, DatasetError, readDataset } from "../../core/prompts/read-dataset.ts";
import type { Row } from "../../core/prompts/row.ts";
import { describeFailures } from "../../core/prompts/row-filter.ts";
import { toSyntheticRows } from "../../core/prompts/synthetic-rows.ts";
import { toFilePath, toUserPath } from "./user-path.ts";

/** The prompts that come with the project, relative to dist/parts/. */
const ownDataset = (): string => toFilePath(import.meta.resolve("../../datasets/prompts.jsonl"));

/** k6 keeps the whole file and all of its objects in memory: a JSON array with more characters must be prepared first. */
const LARGEST_ARRAY = 50e6;

/** Options that only the runner supports. */
const OF_RUNNER = ["datasetColumn", "mix", "tokenizer"] as const;

/** @throws OptionError for an option that k6 alone would silently ignore */
function refuseRunnersOptions(load: LoadOptions): void {
  const isForeign = load.datasetFormat !== undefined && !["rows", "sharegpt"].includes(load.datasetFormat);
  const key = OF_RUNNER.find((name) => load[name] !== undefined) ?? (isForeign ? "datasetFormat" : undefined);
  if (key !== undefined) {
    throw new OptionError(
      `${LOAD_OPTIONS[key].variable} is for the runner: use \`node bench-runner\`, or make rows of a dataset by \`node bench-runner datasets prepare\`.`,
    );
  }
}

function readFile(path: string): string {
  try {
    return open(path);
  } catch (error) {
    const { message } = error as Error;
    const reason = message.includes("directories") ? "it is a folder" : message.replace(/^.*: /, "");
    throw new DatasetError(`it cannot be read, ${reason}; SERVER_BENCH_DATASET names the file to use`);
  }
}

function readRows(path: string, load: LoadOptions, say: (text: string) => void): Row[] {
  const text = readFile(path);
  if (text.length > LARGEST_ARRAY && text.slice(0, 99).trimStart().startsWith("[")) {
    throw new DatasetError(
      `it is too large for k6 (over ${LARGEST_ARRAY / 1e6} MB of JSON); make rows of it by \`node bench-runner datasets prepare\``,
    );
  }
  const format = load.datasetFormat as CoreFormat | undefined;
  const { nPrompts = DEFAULT_PROMPTS, order, seed } = load;
  const choice = { nPrompts, order, seed };
  const { rows, failures } = readDataset(text, { ...load, ...toReadingForm(load) }, choice, format);
  if (rows.length < nPrompts) {
    const left = describeFailures(failures, load);
    // By default, what there is: nobody asked for more.
    const asked =
      load.nPrompts === undefined
        ? ""
        : `it has ${rows.length} prompts, ${nPrompts} were asked for; using all of them.`;
    const texts = [asked, left && `Of the rows left out ${left}.`].filter(Boolean);
    if (texts.length > 0) say(`Dataset ${path}: ${texts.join(" ")}`);
  }
  const sized = withOutputTokens(rows, load);
  if (sized.length === 0) throw new DatasetError("no row has an answer whose length could be asked for");
  if (sized.length < rows.length) {
    say(
      `Dataset ${path}: rows left out, because they have no answer whose length could be requested: ${rows.length - sized.length}.`,
    );
  }
  return sized;
}

/**
 * The rows that a run uses, in the order in which it uses them; for the init context.
 * @param say takes what the user should know of the dataset
 * @throws OptionError or DatasetError, whose message names the file and what is wrong with it
 */
export function loadRows(load: LoadOptions, say = (text: string): void => console.info(text)): Row[] {
  refuseRunnersOptions(load);
  if (load.promptTokens !== undefined) return toSyntheticRows(load, toPromptCount(load));
  const path = load.dataset === undefined ? ownDataset() : toUserPath(load.dataset);
  try {
    return readRows(path, load, say);
  } catch (error) {
    throw error instanceof DatasetError ? new DatasetError(`Dataset ${path}: ${error.message}.`) : error;
  }
}
