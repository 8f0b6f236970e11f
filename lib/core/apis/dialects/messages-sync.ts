// Anthropic messages with `stream: false`: https://docs.anthropic.com/en/api/messages.
import type { Dialect } from "../../request/dialect.ts";

export const messagesSync: Dialect = {
  name: "messages-sync",
  framing: "json",
  tokens: [
    { path: "content.*.text", kind: "content" },
    { path: "content.*.thinking", kind: "reasoning" },
    { path: "content.*.name", kind: "tool_call" },
  ],
  fields: {
    promptTokens: [
      "usage.input_tokens",
      "usage.cache_read_input_tokens",
      "usage.cache_creation_input_tokens",
    ],
    completionTokens: "usage.output_tokens",
    cachedTokens: "usage.cache_read_input_tokens",
    finishReason: "stop_reason",
  },
  finishField: "finishReason",
  end: {},
  errors: ["error"],
  contentTypes: ["application/json"],
};
