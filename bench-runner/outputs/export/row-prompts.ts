// The prompts of a run by the id of their row, from prompts.jsonl in its folder.
import { createReadStream, existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { type Row, type Turn, turnsOf } from "../../../lib/core/prompts/row.ts";
import type { RequestLine } from "../../../lib/core/request/facts.ts";
import { systemReason, UserError } from "../../platform/user-error.ts";
import { turnOf } from "../../run-folder/request-labels.ts";

/** The prompt of a request; undefined where the folder does not tell it. */
export type PromptOf = (line: RequestLine) => string | undefined;

/**
 * Reads the prompts, which are then all in memory: they are as many as the dataset's rows, however often they were sent.
 *
 * Not told are prompts that were made when they were sent, and those of an id that two rows with different prompts share.
 * @param path of prompts.jsonl; it may be missing
 * @throws UserError for a file that cannot be read
 */
export async function readRowPrompts(path: string): Promise<PromptOf> {
  if (!existsSync(path)) return () => undefined;
  const prompts = new Map<string, (string | undefined)[]>();
  for await (const row of readRows(path)) {
    const own = turnsOf(row).map(toPrompt);
    const known = prompts.get(row.id);
    prompts.set(
      row.id,
      known === undefined ? own : own.map((prompt, at) => (prompt === known[at] ? prompt : undefined)),
    );
  }
  return (line) => prompts.get(line.labels.row ?? "")?.[(turnOf(line) ?? 1) - 1];
}

const toPrompt = ({ prompt, synthetic }: Turn) => (synthetic === undefined ? prompt : undefined);

async function* readRows(path: string): AsyncGenerator<Row> {
  let number = 0;
  try {
    for await (const text of createInterface({
      input: createReadStream(path),
      crlfDelay: Number.POSITIVE_INFINITY,
    })) {
      number += 1;
      if (text !== "") yield JSON.parse(text) as Row;
    }
  } catch (error) {
    const reason = error instanceof SyntaxError ? `its line ${number} is no JSON` : systemReason(error);
    throw new UserError(`The prompts in ${path} cannot be read: ${reason}.`);
  }
}
