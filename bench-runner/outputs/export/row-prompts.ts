// The prompts of a run by the id of their row, from prompts.jsonl in its folder.
import { createReadStream, existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { type Row, type Turn, turnsOf } from "../../../lib/core/prompts/row.ts";
import type { RequestLine } from "../../../lib/core/request/facts.ts";
import { systemReason, UserError } from "../../platform/user-error.ts";
import { turnOf } from "../../run-folder/request-labels.ts";

/** The prompt of a request; undefined if the folder does not have it. */
export type PromptOf = (line: RequestLine) => string | undefined;

/**
 * Reads the prompts into memory: there are as many as the dataset has rows, however often they were sent.
 *
 * Prompts that were made at sending time, and those whose id belongs to two rows with different prompts, are undefined.
 * @param path the path of prompts.jsonl, which may be missing
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
    const reason =
      error instanceof SyntaxError ? `its line ${number} is not valid JSON` : systemReason(error);
    throw new UserError(`The prompts in ${path} cannot be read: ${reason}.`);
  }
}
