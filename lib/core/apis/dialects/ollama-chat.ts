// Ollama's own `/api/chat`, streamed, one JSON text a line: https://github.com/ollama/ollama/blob/main/docs/api.md.
import type { Dialect } from "../../request/dialect.ts";

export const ollamaChat: Dialect = {
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
  errors: ["error"],
  contentTypes: ["application/x-ndjson", "application/json"],
};
