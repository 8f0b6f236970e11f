// The step of a run between a ready server and the load: which prompts are sent, counted by whoever can, and written.
import { appendFileSync } from "node:fs";
import { rootUrl } from "../../lib/core/apis/url.ts";
import { type Config, withPrompts } from "../config/config.ts";
import { systemReason, UserError } from "../platform/user-error.ts";
import { countRequests, readyPrompts } from "../prompts/ready-prompts.ts";
import { openTokenCounter } from "../prompts/tokens/open-counter.ts";
import type { TokenCounter } from "../prompts/tokens/token-counter.ts";
import { describeBlocks, toTraceRows } from "../prompts/trace/trace-prompts.ts";
import { type PromptsUse, RUN_FILES } from "../run-folder/run-files.ts";
import type { RunFolder } from "../run-folder/run-folder.ts";
import type { Plan } from "./run-plan.ts";

export interface WrittenPrompts {
  /** Absolute path of the rows. */
  path: string;
  facts: PromptsUse;
}

/** More prompts than this are counted by a server only where somebody asks for that: it takes it a minute and more. */
const MOST_BY_SERVER = 5_000;

/** So many rows are written at a time. */
const BATCH_ROWS = 1000;

function openCounter(
  { load, access }: Config,
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
 * @returns also the configuration, which ends with the prompts where that is asked for
 * @throws UserError when no prompt is left, or the tokenizer that was asked for cannot count
 */
export async function writePrompts(
  asked: Config,
  { prompts, schedule }: Plan,
  serverUrl: string,
  folder: RunFolder,
  say: (text: string) => void,
): Promise<WrittenPrompts & { config: Config }> {
  const counter = await openCounter(asked, serverUrl, say);
  const trace = schedule && toTraceRows(schedule);
  const { rows, facts, notices } = await readyPrompts(prompts, asked.load, counter, trace);
  const blocks = schedule && describeBlocks(schedule);
  for (const notice of blocks === undefined ? notices : [...notices, blocks]) say(notice);
  const config = withPrompts(asked, rows.length);
  const { iterations, load } = config;
  if (iterations !== undefined && iterations > rows.length) {
    const [what, of] = load.maxTurns > 1 ? ["conversations", "of"] : ["requests", "from"];
    say(
      `${iterations} ${what} ${of} ${rows.length} prompts: they are sent again (\`--when-out end\` would end the run).`,
    );
  }
  const path = folder.file(RUN_FILES.prompts);
  writeRows(path, rows);
  const requests =
    iterations === undefined || load.maxTurns === 1 ? iterations : countRequests(rows, iterations);
  return { path, config, facts: { ...facts, ...(requests !== undefined && { requests }) } };
}
