// The dataset of a run, prepared once: the rows that pass the filter, kept in the user's cache folder for the next run.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, statSync } from "node:fs";
import { basename, extname, join, resolve } from "node:path";
import type { LoadOptions } from "../../../lib/core/options/options.ts";
import type { ReadingForm } from "../../../lib/core/prompts/reading-form.ts";
import { writableCacheFolder } from "../../platform/cache-folder.ts";
import type { Variables } from "../../platform/context.ts";
import { inProject } from "../../platform/project-root.ts";
import { systemReason, UserError } from "../../platform/user-error.ts";
import { hashFile } from "./file-hash.ts";
import { readFileKind } from "./file-kind.ts";
import type { Reading } from "./open-dataset.ts";
import { describeCounts, type PreparedCounts, prepareDataset } from "./prepare.ts";
import { readReceipt, writeReceipt } from "./prepared-receipt.ts";

type Filter = Pick<
  LoadOptions,
  "dataset" | "maxPromptTokens" | "maxContext" | "promptType" | "outputTokens"
> &
  Reading &
  ReadingForm & {
    /** No option says how long answers are: a format that is made of lengths does. */
    takesLengths?: boolean;
  };

export interface PreparedDataset {
  /** Absolute, of the prepared rows. */
  path: string;
  /** Each answer gets the length that its row notes. */
  fixesLengths?: true;
  /** Said at each use: what was left out, and what repeats. */
  notices: string[];
}

/** Incremented when the same file gives different rows: files prepared by an older version are then not used. */
const READERS_VERSION = 5;

/** The same name for the same bytes, kind of file, format, form of reading and limits, wherever the file is. */
function toPreparedName(path: string, contentHash: string, limits: Filter): string {
  const { datasetFormat, datasetColumn, allowPartial, maxPromptTokens, maxContext, promptType } = limits;
  const { maxTurns = 1, keepAnswers = false, style = "chat" } = limits;
  const identity = JSON.stringify([
    READERS_VERSION,
    contentHash,
    extname(path).toLowerCase(),
    datasetFormat,
    datasetColumn,
    allowPartial,
    maxPromptTokens,
    maxContext,
    promptType,
    maxTurns,
    keepAnswers,
    style,
  ]);
  const hash = createHash("sha256").update(identity).digest("hex").slice(0, 12);
  return `${basename(path).replace(/\.[^.]*$/, "")}-${hash}.jsonl`;
}

/** The SHA-256 of the file's bytes. @throws UserError if it cannot be read, or is no file that can be read twice */
async function hashInput(input: string, given: string | undefined): Promise<string> {
  try {
    if (statSync(input).isFile()) return (await hashFile(input, "sha256")).hex;
  } catch (error) {
    throw new UserError(
      `The dataset \`${given ?? input}\` cannot be read (${input}): ${systemReason(error)}. Check \`--dataset\` (\`SERVER_BENCH_DATASET\`).`,
    );
  }
  await readFileKind(input);
  throw new Error(`${input} is neither a file nor refused`);
}

const fixesLengths = ({ format }: PreparedCounts, { takesLengths }: Filter) =>
  takesLengths === true && format === "samples";

function toNotices(name: string, counts: PreparedCounts, limits: Filter): string[] {
  const isWhole = counts.written === counts.read && counts.repeated === 0 && !counts.isPartial;
  const isFixed = fixesLengths(counts, limits);
  const isUnused = counts.notedLengths > 0 && limits.outputTokens === undefined && !isFixed;
  return [
    ...(isWhole ? [] : [`Dataset ${name}: ${describeCounts(counts, limits)}.`]),
    ...(isUnused
      ? [
          `Dataset ${name}: it notes the lengths of answers (${counts.notedLengths} of ${counts.written} rows), which the run does not request: \`--output-tokens dataset\` does.`,
        ]
      : []),
  ];
}

/**
 * @param load its `dataset` is relative to the current directory; absent for the project's own prompts
 * @throws UserError if the dataset is missing, empty or malformed, or no row passes
 */
export async function prepareForRun(load: Filter, variables: Variables): Promise<PreparedDataset> {
  const given = load.dataset;
  const input = given === undefined ? inProject("datasets", "prompts.jsonl") : resolve(given);
  const name = given ?? input;
  const folder = join(writableCacheFolder(variables), "datasets");
  const path = join(folder, toPreparedName(input, await hashInput(input, given), load));
  const known = await readReceipt(path);
  const toPrepared = (counts: PreparedCounts, problems: string[] = []): PreparedDataset => ({
    path,
    ...(fixesLengths(counts, load) && { fixesLengths: true }),
    notices: [...problems, ...toNotices(name, counts, load)],
  });
  if (known !== undefined) return toPrepared(known);
  const damaged = existsSync(path)
    ? [`Dataset ${name}: its prepared rows in ${path} were damaged, and are made again.`]
    : [];
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new UserError(
      `The cache folder ${folder} cannot be created: ${systemReason(error)}. Choose another with XDG_CACHE_HOME.`,
    );
  }
  const counts = await prepareDataset(input, path, load, "Choose another cache folder with XDG_CACHE_HOME.");
  await writeReceipt(path, counts);
  return toPrepared(counts, damaged);
}
