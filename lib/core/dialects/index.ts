// The dialects by name.
import type { Dialect } from "../dialect.ts";
import { chatCompletions } from "./chat-completions.ts";
import { chatCompletionsSync } from "./chat-completions-sync.ts";
import { completions } from "./completions.ts";
import { completionsSync } from "./completions-sync.ts";

export const DIALECTS = {
  "chat-completions": chatCompletions,
  "chat-completions-sync": chatCompletionsSync,
  completions,
  "completions-sync": completionsSync,
} as const satisfies Record<string, Dialect>;

export type DialectName = keyof typeof DIALECTS;
