// The messages of a chat completion, from a dataset row.
import type { Row } from "./row.ts";

export interface Message {
  role: "system" | "user" | "assistant";
  content: string;
}

export interface Workload {
  /** Empty for none. */
  systemPrompt: string;
}

/** The system prompt, where there is one, and the row's prompt. */
export function toMessages(row: Row, workload: Workload): Message[] {
  const user: Message = { role: "user", content: row.prompt };
  return workload.systemPrompt === "" ? [user] : [{ role: "system", content: workload.systemPrompt }, user];
}
