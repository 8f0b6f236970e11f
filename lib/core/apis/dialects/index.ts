// The dialects by name.
import type { Dialect } from "../../request/dialect.ts";
import { amsv2 } from "./amsv2.ts";
import { chatCompletions } from "./chat-completions.ts";
import { chatCompletionsSync } from "./chat-completions-sync.ts";
import { completions } from "./completions.ts";
import { completionsSync } from "./completions-sync.ts";
import { generateStream } from "./generate-stream.ts";
import { generateStreamSync } from "./generate-stream-sync.ts";
import { llamaCompletion } from "./llama-completion.ts";
import { llamaCompletionSync } from "./llama-completion-sync.ts";
import { messages } from "./messages.ts";
import { messagesSync } from "./messages-sync.ts";
import { ollamaChat } from "./ollama-chat.ts";
import { ollamaChatSync } from "./ollama-chat-sync.ts";
import { ppl } from "./ppl.ts";
import { responses } from "./responses.ts";
import { responsesSync } from "./responses-sync.ts";
import { vllmGenerate } from "./vllm-generate.ts";

export const DIALECTS = {
  "chat-completions": chatCompletions,
  "chat-completions-sync": chatCompletionsSync,
  completions,
  "completions-sync": completionsSync,
  responses,
  "responses-sync": responsesSync,
  messages,
  "messages-sync": messagesSync,
  "llama-completion": llamaCompletion,
  "llama-completion-sync": llamaCompletionSync,
  "vllm-generate": vllmGenerate,
  "generate-stream": generateStream,
  "generate-stream-sync": generateStreamSync,
  "ollama-chat": ollamaChat,
  "ollama-chat-sync": ollamaChatSync,
  amsv2,
  ppl,
} as const satisfies Record<string, Dialect>;

export type DialectName = keyof typeof DIALECTS;
