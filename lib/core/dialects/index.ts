// The dialects by name.
import type { Dialect } from "../dialect.ts";
import { chatCompletions } from "./chat-completions.ts";

export const DIALECTS = {
  "chat-completions": chatCompletions,
} as const satisfies Record<string, Dialect>;

export type DialectName = keyof typeof DIALECTS;
