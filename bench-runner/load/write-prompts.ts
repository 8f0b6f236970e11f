// The step between a ready server and the load: chooses the prompts, counts their tokens and writes them.
import { appendFileSync } from "node:fs";
import type { LoadOptions } from "../../lib/core/options/options.ts";
import { endsWithPrompts } from "../config/config.ts";
import { type LoadPlan, withPrompts } from "../config/load-plan.ts";
import type { Access } from "../platform/access.ts";
import { systemReason, UserError } from "../platform/user-error.ts";
import type { TakenRows } from "../prompts/choose-prompts.ts";
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

function openCounter(
  load: LoadOptions,
  access: Access,
  serverUrl: string,
  say: (text: string) => void,
): Promise<TokenCounter> {
  const isMany = load.nPrompts > MOST_BY_SERVER && load.promptTokens === undefined;
  const tokenizer = load.tokenizer ?? (isMany ? "words" : undefined);
  if (isMany && load.tokenizer === undefined) {
    say(
      `${load.nPrompts} prompts are counted in whitespace words; \`--tokenizer server\`, or a tokenizer.json, counts their tokens.`,
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
  const { options, schedule } = load;
  const counter = await openCounter(options, config.access, serverUrl, say);
  const trace = schedule && toTraceRows(schedule);
  const isAsked = config.origins.nPrompts !== "default";
  const { rows, facts, notices } = await readyPrompts(prompts, options, counter, { trace, taken, isAsked });
  const blocks = schedule && describeBlocks(schedule);
  for (const notice of blocks === undefined ? notices : [...notices, blocks]) say(notice);
  const ending = withPrompts(load, config.shape, rows.length, endsWithPrompts(config));
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
