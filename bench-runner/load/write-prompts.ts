// The step between a ready server and the load: chooses the prompts, counts their tokens and writes them.
import { appendFileSync } from "node:fs";
import type { LoadOptions } from "../../lib/core/options/options.ts";
import { DEFAULT_PROMPTS, MOST_PROMPTS, toPromptCount } from "../../lib/core/plans/prompt-count.ts";
import { type Config, endsWithPrompts } from "../config/config.ts";
import { type LoadPlan, withPrompts } from "../config/load-plan.ts";
import type { Access } from "../platform/access.ts";
import { systemReason, UserError } from "../platform/user-error.ts";
import type { TakenRows } from "../prompts/choose-prompts.ts";
import { LineFile } from "../prompts/line-file.ts";
import type { PromptSource } from "../prompts/prompt-sources.ts";
import { countRequests, readyPrompts } from "../prompts/ready-prompts.ts";
import { openTokenCounter } from "../prompts/tokens/open-counter.ts";
import type { TokenCounter } from "../prompts/tokens/token-counter.ts";
import { describeBlocks, toTraceRows } from "../prompts/trace/trace-prompts.ts";
import { type PromptsUse, RUN_FILES } from "../run-folder/run-files.ts";
import type { RunFolder } from "../run-folder/run-folder.ts";
import type { Plan } from "./run-plan.ts";

export interface WrittenPrompts {
  /** The load, cut to the number of prompts for `--when-out end`. */
  load: LoadPlan;
  /** Absolute path of the rows. */
  path: string;
  facts: PromptsUse;
}

/** A server counts more prompts than this only on request, since that takes over a minute. */
const MOST_BY_SERVER = 5_000;

/** Rows per write. */
const BATCH_ROWS = 1000;

/** How many prompts the load takes at most: where no option says it, of a dataset as many as it has requests. */
function countWanted({ options, iterations }: LoadPlan, config: Config): number {
  const { nPrompts, promptTokens, ab, mix } = options;
  if (nPrompts !== undefined || promptTokens !== undefined || endsWithPrompts(config))
    return toPromptCount(options);
  // What time alone ends takes all of a dataset; a mix repeats its smaller parts.
  if (iterations === undefined) return mix === undefined ? MOST_PROMPTS : DEFAULT_PROMPTS;
  // Clients with sequences of their own take fewer prompts twice where there are more than requests.
  return Math.min(
    Math.max(Math.ceil(iterations / (ab === undefined ? 1 : 2)), DEFAULT_PROMPTS),
    MOST_PROMPTS,
  );
}

/** How many rows there are to count, as far as that matters. */
function countRows(sources: readonly PromptSource[], wanted: number): number {
  if (wanted <= MOST_BY_SERVER) return wanted;
  const paths = new Set(sources.map(({ path }) => path));
  return Math.min(
    wanted,
    [...paths].reduce((sum, path) => sum + new LineFile(path).length, 0),
  );
}

/** @param rows that are counted at most */
function openCounter(
  load: LoadOptions,
  rows: number,
  access: Access,
  serverUrl: string,
  say: (text: string) => void,
): Promise<TokenCounter> {
  const isMany = rows > MOST_BY_SERVER && load.promptTokens === undefined;
  const tokenizer = load.tokenizer ?? (isMany ? "words" : undefined);
  if (isMany && load.tokenizer === undefined) {
    say(
      `${rows} prompts are counted in whitespace words; \`--tokenizer server\`, or a tokenizer.json, counts their tokens.`,
    );
  }
  return openTokenCounter({
    ...(tokenizer !== undefined && { tokenizer }),
    server: {
      url: serverUrl,
      model: load.modelAlias,
      access,
    },
  });
}

/** Appends the rows to a file, one per line. @throws UserError */
export function writeRows(path: string, rows: readonly object[]): void {
  try {
    for (let at = 0; at < rows.length; at += BATCH_ROWS) {
      const lines = rows.slice(at, at + BATCH_ROWS).map((row) => `${JSON.stringify(row)}\n`);
      appendFileSync(path, lines.join(""));
    }
  } catch (error) {
    throw new UserError(`The prompts could not be written to ${path}: ${systemReason(error)}.`);
  }
}

export interface Writing {
  say: (text: string) => void;
  /** Rows that earlier loads on the server took; grows by those of this load. */
  taken?: TakenRows;
}

/**
 * Writes the prompts into the run's folder, in the order in which they are sent.
 * @param load the plan so far, with the model's name
 * @throws UserError if no prompt is left, or the requested tokenizer cannot count
 */
export async function writePrompts(
  { config, prompts }: Plan,
  load: LoadPlan,
  serverUrl: string,
  folder: RunFolder,
  { say, taken }: Writing,
): Promise<WrittenPrompts> {
  const { schedule } = load;
  const isOnce = endsWithPrompts(config);
  const wanted = countWanted(load, config);
  const options = { ...load.options, nPrompts: wanted };
  const counter = await openCounter(options, countRows(prompts, wanted), config.access, serverUrl, say);
  const trace = schedule && toTraceRows(schedule);
  const isAsked = load.options.nPrompts !== undefined;
  const more = { trace, taken, isAsked, isOnce };
  const { rows, facts, notices } = await readyPrompts(prompts, options, counter, more);
  const blocks = schedule && describeBlocks(schedule);
  for (const notice of blocks === undefined ? notices : [...notices, blocks]) say(notice);
  const ending = withPrompts(load, config.shape, rows.length, isOnce);
  const { iterations } = ending;
  if (iterations !== undefined && iterations > rows.length) {
    const [what, of] = options.maxTurns > 1 ? ["conversations", "of"] : ["requests", "from"];
    say(
      `${iterations} ${what} ${of} ${rows.length} prompts: they are sent again (\`--when-out end\` would end the run).`,
    );
  }
  const path = folder.file(RUN_FILES.prompts);
  writeRows(path, rows);
  const requests =
    iterations === undefined || options.maxTurns === 1 ? iterations : countRequests(rows, iterations);
  return { load: ending, path, facts: { ...facts, ...(requests !== undefined && { requests }) } };
}
