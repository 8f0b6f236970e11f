// The messages of a chat completion, from a dataset row.
import type { Message } from "./message.ts";
import type { Row } from "./row.ts";

export interface Workload {
  /** Empty for none. */
  systemPrompt: string;
}

/** The row's system message, else the run's, where there is one; what the row has before its prompt; the prompt. */
export function toMessages(row: Row, workload: Workload): Message[] {
  const system = row.system ?? workload.systemPrompt;
  return [
    ...(system === "" ? [] : [{ role: "system", content: system } as const]),
    ...(row.before ?? []),
    { role: "user", content: row.content ?? row.prompt },
  ];
}

/** The same as one text, for base models on `/completions`: the system message, where there is one, then the prompt. */
export function toPlainText(row: Row, workload: Workload): string {
  const system = row.system ?? workload.systemPrompt;
  return system === "" ? row.prompt : `${system}\n\n${row.prompt}`;
}
