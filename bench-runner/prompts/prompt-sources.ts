// The sources of a run's prompts, prepared as far as possible without a server, before anything is started.

import { accessSync, constants } from "node:fs";
import { resolve } from "node:path";
import { apiOf, toReadingForm } from "../../lib/core/apis/apis.ts";
import type { LoadOptions } from "../../lib/core/options/options.ts";
import type { Row } from "../../lib/core/prompts/row.ts";
import type { Config } from "../config/config.ts";
import type { Variables } from "../platform/context.ts";
import { EXIT } from "../platform/exit-codes.ts";
import { systemReason, UserError } from "../platform/user-error.ts";
import { toDatasetPath } from "./datasets/fetched-dataset.ts";
import { prepareForRun } from "./datasets/prepared-dataset.ts";
import { LineFile } from "./line-file.ts";
import { type MixPart, parseMix } from "./mix.ts";
import { withHistograms } from "./tokens/histogram-file.ts";

export interface PromptSource {
  /** The part of a mixed load. */
  part?: MixPart;
  /** Absolute path of the prepared rows. */
  path: string;
  /** As the user named it; "the project's own prompts". */
  name: string;
}

export interface PromptSources {
  /** The load's options with the contents of files, such as histograms, instead of their names. */
  options: LoadOptions;
  /** Empty for synthetic prompts. */
  sources: PromptSource[];
  /** What the user should know. */
  notices: string[];
}

const OWN = "the project's own prompts";

const NO_TASK = "(none)";

function readTasks(path: string): Set<string> {
  const file = new LineFile(path);
  const tasks = new Set<string>();
  for (let at = 0; at < file.length; at++) tasks.add((file.read(at) as Row).task ?? NO_TASK);
  return tasks;
}

/** @throws UserError if a part has no dataset and the run's dataset has no rows of its task */
function checkTask({ part, name }: Required<PromptSource>, tasks: ReadonlySet<string>): void {
  if (tasks.has(part.task)) return;
  const known = [...tasks].sort().slice(0, 20).join(", ");
  throw new UserError(
    `\`--mix ${part.task}\`: no row of ${name} has that task; its tasks are ${known}. Name one of them, or a dataset: \`--mix ${part.task}=1:FILE\`.`,
    EXIT.usage,
  );
}

/** The file of a fetched dataset by name; any other file as the user named it. */
function toFile(dataset: string, variables: Variables): string {
  const path = toDatasetPath(dataset, variables);
  return path === resolve(dataset) ? dataset : path;
}

/** @throws UserError when the file of the system prompt cannot be read */
function withSystemPromptPath(load: LoadOptions): LoadOptions {
  if (load.systemPromptFile === undefined) return load;
  const path = resolve(load.systemPromptFile);
  try {
    accessSync(path, constants.R_OK);
  } catch (error) {
    throw new UserError(
      `The system prompt ${path} cannot be read: ${systemReason(error)}. Correct \`--system-prompt-file\`.`,
    );
  }
  return { ...load, systemPromptFile: path };
}

/** Whether neither flag, variable nor file says how long answers are. */
function takesLengths({ load, origins }: Pick<Config, "load" | "origins">): boolean {
  const isLeftOpen = (key: string) => (origins[key] ?? "default") === "default";
  return load.mix === undefined && isLeftOpen("outputTokens") && isLeftOpen("maxTokens");
}

/** The load with answers of the lengths that the rows note, as exactly as the API can be asked for them. */
function withNotedLengths(load: LoadOptions): LoadOptions {
  const outputLength = apiOf(load.endpoint).exactLength ? "exact" : "limit";
  return { ...load, outputTokens: "dataset", outputLength };
}

function describeNotedLengths({ outputLength, endpoint }: LoadOptions, name: string): string {
  const how =
    outputLength === "exact"
      ? "exactly as long as its third column says"
      : `at most as long as its third column says, because \`--endpoint ${endpoint}\` cannot ask for an exact length`;
  return `Dataset ${name}: each answer is ${how} (\`--output-tokens\` and \`--max-tokens\` set other lengths).`;
}

/**
 * Reads every dataset of the run, and filters it by whitespace words.
 * @throws UserError, OptionError for the first that is missing or malformed
 */
export async function openPromptSources(
  config: Pick<Config, "load" | "shape" | "origins">,
  variables: Variables,
): Promise<PromptSources> {
  const load = await withHistograms(withSystemPromptPath(config.load));
  const isSynthetic = load.promptTokens !== undefined || config.shape.trace !== undefined;
  if (isSynthetic) return { options: load, sources: [], notices: [] };
  const form = toReadingForm(load);
  // The length of the dataset's answers is counted in their texts.
  const keepAnswers = form.keepAnswers || load.outputTokens === "dataset";
  const notices: string[] = [];
  let options = load;
  const open = async (dataset: string | undefined) => {
    const { dataset: _, ...rest } = load;
    const file = dataset === undefined ? {} : { dataset: toFile(dataset, variables) };
    const filter = { ...rest, ...file, ...form, keepAnswers, takesLengths: takesLengths(config) };
    const prepared = await prepareForRun(filter, variables);
    notices.push(...prepared.notices);
    if (prepared.fixesLengths) {
      options = withNotedLengths(load);
      notices.push(describeNotedLengths(options, dataset ?? OWN));
    }
    return { path: prepared.path, name: dataset ?? OWN };
  };
  // Parts of a mixed load may share a dataset, which is read once.
  const opened = new Map<string | undefined, ReturnType<typeof open>>();
  const openOnce = (dataset: string | undefined) => {
    const known = opened.get(dataset) ?? open(dataset);
    opened.set(dataset, known);
    return known;
  };
  const sources: PromptSource[] = [];
  let tasks: Set<string> | undefined;
  if (load.mix === undefined) sources.push(await openOnce(load.dataset));
  for (const part of parseMix(load.mix ?? [])) {
    const source = { part, ...(await openOnce(part.dataset ?? load.dataset)) };
    if (part.dataset === undefined) {
      // The run's dataset, which all such parts share.
      tasks ??= readTasks(source.path);
      // A dataset without tasks is one of the only task that is asked for.
      if (load.mix?.length === 1 && load.dataset !== undefined && [...tasks].join() === NO_TASK)
        source.part = { ...part, dataset: load.dataset };
      else checkTask(source, tasks);
    }
    sources.push(source);
  }
  return { options, sources, notices };
}
