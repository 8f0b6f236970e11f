// Ollama's own `/api/chat`, one JSON text a line: https://github.com/ollama/ollama/blob/main/docs/api.md.
import type { Dialect } from "../../request/dialect.ts";
import type { Api } from "../api.ts";
import { sharedErrors, sharedRules } from "../shared-rules.ts";

const stream = {
  name: "ollama-chat",
  framing: "ndjson",
  tokens: [
    { path: "message.content", kind: "content" },
    { path: "message.thinking", kind: "reasoning" },
    { path: "message.tool_calls.*.function.name", kind: "tool_call" },
  ],
  fields: {
    promptTokens: "prompt_eval_count",
    completionTokens: "eval_count",
    finishReason: "done_reason",
  },
  finishField: "finishReason",
  end: { when: { path: "done", equals: true } },
  errors: sharedErrors,
  ...sharedRules,
  contentTypes: ["application/x-ndjson", "application/json"],
} as const satisfies Dialect;

const document = {
  ...stream,
  name: "ollama-chat-sync",
  framing: "json",
  end: {},
  contentTypes: ["application/json"],
} as const satisfies Dialect;

export const ollama = {
  servers: "Ollama's own",
  path: "/api/chat",
  input: "messages",
  lengthField: "options.num_predict",
  dialect: stream,
  syncDialect: document,
  auth: "bearer",
  lacks: ["cachePrompt"],
} as const satisfies Api;
