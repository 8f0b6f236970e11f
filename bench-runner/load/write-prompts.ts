// The step of a run between a ready server and the load: which prompts are sent, counted by whoever can, and written.
import { appendFileSync } from "node:fs";
import { rootUrl } from "../../lib/core/apis/url.ts";
import type { LoadOptions } from "../../lib/core/options/options.ts";
import { type LoadPlan, withPrompts } from "../config/load-plan.ts";
import type { Access } from "../platform/access.ts";
import { systemReason, UserError } from "../platform/user-error.ts";
import { countRequests, readyPrompts } from "../prompts/ready-prompts.ts";
import { openTokenCounter } from "../prompts/tokens/open-counter.ts";
import type { TokenCounter } from "../prompts/tokens/token-counter.ts";
import { describeBlocks, toTraceRows } from "../prompts/trace/trace-prompts.ts";
import { type PromptsUse, RUN_FILES } from "../run-folder/run-files.ts";
import type { RunFolder } from "../run-folder/run-folder.ts";
import type { Plan } from "./run-plan.ts";

export interface WrittenPrompts {
  /** The load, which ends with the prompts where that is asked for. */
  load: LoadPlan;
  /** Absolute path of the rows. */
  path: string;
  facts: PromptsUse;
}

/** More prompts than this are counted by a server only where somebody asks for that: it takes it a minute and more. */
const MOST_BY_SERVER = 5_000;

/** So many rows are written at a time. */
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
      rootUrl: rootUrl(serverUrl),
      model: load.modelAlias,
      access,
    },
  });
}

/** Adds the rows to a file, a line each. @throws UserError */
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

/**
 * Writes the prompts in the order in which they are sent into the run's folder.
 * @param load what is known of the load, with the model's name
 * @throws UserError when no prompt is left, or the tokenizer that was asked for cannot count
 */
export async function writePrompts(
  { config, prompts }: Plan,
  load: LoadPlan,
  serverUrl: string,
  folder: RunFolder,
  say: (text: string) => void,
): Promise<WrittenPrompts> {
  const { options, schedule } = load;
  const counter = await openCounter(options, config.access, serverUrl, say);
  const trace = schedule && toTraceRows(schedule);
  const { rows, facts, notices } = await readyPrompts(prompts, options, counter, trace);
  const blocks = schedule && describeBlocks(schedule);
  for (const notice of blocks === undefined ? notices : [...notices, blocks]) say(notice);
  const ending = withPrompts(load, config.shape, rows.length);
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
