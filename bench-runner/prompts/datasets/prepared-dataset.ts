// The dataset of a run, prepared once: the rows that pass the filter, kept in the user's cache folder for the next run.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { LoadOptions } from "../../../lib/core/options/options.ts";
import type { ReadingForm } from "../../../lib/core/prompts/reading-form.ts";
import { cacheFolder } from "../../platform/cache-folder.ts";
import type { Variables } from "../../platform/context.ts";
import { inProject } from "../../platform/project-root.ts";
import { systemReason, UserError } from "../../platform/user-error.ts";
import type { Reading } from "./open-dataset.ts";
import { describeCounts, prepareDataset } from "./prepare.ts";

type Filter = Pick<LoadOptions, "dataset" | "maxPromptTokens" | "maxContext" | "promptType"> &
  Reading &
  ReadingForm;

/** Incremented when the same file gives different rows: files prepared by an older version are then not used. */
const READERS_VERSION = 3;

/** A different name for each file, change of the file, format, form of reading and limits. */
function toPreparedName(path: string, limits: Filter): string {
  const { size, mtimeMs } = statSync(path);
  const { datasetFormat, datasetColumn, allowPartial, maxPromptTokens, maxContext, promptType } = limits;
  const { maxTurns = 1, keepAnswers = false, style = "chat" } = limits;
  const identity = JSON.stringify([
    READERS_VERSION,
    path,
    size,
    mtimeMs,
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

/**
 * @param load its `dataset` is relative to the current directory; absent for the project's own prompts
 * @returns the absolute path of the prepared file, and a notice if rows were left out or repeat a prompt
 * @throws UserError if the dataset is missing, empty or malformed, or no row passes
 */
export async function prepareForRun(
  load: Filter,
  variables: Variables,
): Promise<{ path: string; notice?: string }> {
  const given = load.dataset;
  const input = given === undefined ? inProject("datasets", "prompts.jsonl") : resolve(given);
  let name: string;
  try {
    name = toPreparedName(input, load);
  } catch (error) {
    throw new UserError(
      `The dataset \`${given ?? input}\` cannot be read (${input}): ${systemReason(error)}. Check \`--dataset\` (\`SERVER_BENCH_DATASET\`).`,
    );
  }
  const folder = join(cacheFolder(variables), "datasets");
  const path = join(folder, name);
  if (existsSync(path)) return { path };
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new UserError(
      `The cache folder ${folder} cannot be created: ${systemReason(error)}. Choose another with XDG_CACHE_HOME.`,
    );
  }
  const counts = await prepareDataset(input, path, load);
  if (counts.written === counts.read && counts.repeated === 0 && !counts.isPartial) return { path };
  return { path, notice: `Dataset ${given ?? input}: ${describeCounts(counts, load)}.` };
}
