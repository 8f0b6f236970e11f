// Anthropic messages, streamed: https://docs.anthropic.com/en/api/messages-streaming; llama-server, vLLM and Ollama speak it, too.
import type { Dialect } from "../../request/dialect.ts";

export const messages: Dialect = {
  name: "messages",
  framing: "sse",
  tokens: [
    { path: "delta.text", kind: "content" },
    { path: "delta.thinking", kind: "reasoning" },
    { path: "delta.partial_json", kind: "tool_call" },
    { path: "content_block.name", kind: "tool_call" },
  ],
  fields: {
    // What a prompt costs is said at the start; some servers know it only at the end, and say it then. Cached tokens are no
    // part of `input_tokens`.
    promptTokens: {
      either: [
        ["usage.input_tokens", "usage.cache_read_input_tokens", "usage.cache_creation_input_tokens"],
        [
          "message.usage.input_tokens",
          "message.usage.cache_read_input_tokens",
          "message.usage.cache_creation_input_tokens",
        ],
      ],
    },
    // Not that of the start, which counts nothing yet.
    completionTokens: "usage.output_tokens",
    cachedTokens: { either: ["usage.cache_read_input_tokens", "message.usage.cache_read_input_tokens"] },
    finishReason: "delta.stop_reason",
  },
  finishField: "finishReason",
  end: { when: { path: "type", equals: "message_stop" } },
  errors: ["error"],
  contentTypes: ["text/event-stream"],
};
