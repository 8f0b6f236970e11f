// The rows of a run, from the dataset's file.
import type { LoadOptions } from "../core/options.ts";
import { DatasetError, readDataset } from "../core/read-dataset.ts";
import type { Row } from "../core/row.ts";
import { describeFailures } from "../core/row-filter.ts";
import { toUserPath } from "./user-path.ts";

/** The prompts that come with the project, seen from dist/parts/. */
const ownDataset = (): string => import.meta.resolve("../../datasets/prompts.jsonl").replace("file://", "");

/** k6 reads a file whole, and its JSON as objects: an array of more characters than this wants to be prepared. */
const LARGEST_ARRAY = 50e6;

function readFile(path: string): string {
  try {
    return open(path);
  } catch (error) {
    const { message } = error as Error;
    const reason = message.includes("directories") ? "it is a folder" : message.replace(/^.*: /, "");
    throw new DatasetError(`it cannot be read, ${reason}; SERVER_BENCH_DATASET names the file to use`);
  }
}

function readRows(path: string, load: LoadOptions): Row[] {
  const text = readFile(path);
  if (text.length > LARGEST_ARRAY && text.slice(0, 99).trimStart().startsWith("[")) {
    throw new DatasetError(
      `it is too large for k6 (over ${LARGEST_ARRAY / 1e6} MB of JSON); make rows of it by \`node bench-runner datasets prepare\``,
    );
  }
  const { rows, failures } = readDataset(text, load, load);
  if (rows.length < load.nPrompts) {
    const left = describeFailures(failures, load);
    console.info(
      `Dataset ${path}: ${rows.length} prompts are there, ${load.nPrompts} were asked for; using all of them.` +
        (left && ` Of the rows left out ${left}.`),
    );
  }
  return rows;
}

/**
 * The rows that a run uses, in the order in which it uses them; for the init context.
 * @throws a text that names the file and what is wrong with it
 */
export function loadRows(load: LoadOptions): Row[] {
  const path = load.dataset === undefined ? ownDataset() : toUserPath(load.dataset);
  try {
    return readRows(path, load);
  } catch (error) {
    throw error instanceof DatasetError ? `Dataset ${path}: ${error.message}.` : error;
  }
}
