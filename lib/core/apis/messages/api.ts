// Anthropic messages: https://docs.anthropic.com/en/api/messages, also of llama-server, vLLM and Ollama.
import type { Dialect } from "../../request/dialect.ts";
import type { Api } from "../api.ts";
import { sharedErrors, sharedRules } from "../shared-rules.ts";

/** https://docs.anthropic.com/en/api/messages-streaming */
const stream = {
  name: "messages",
  framing: "sse",
  tokens: [
    { path: "delta.text", kind: "content" },
    { path: "delta.thinking", kind: "reasoning" },
    { path: "delta.partial_json", kind: "tool_call" },
    { path: "content_block.name", kind: "tool_call" },
    { path: "content_block.text", kind: "content" },
    { path: "content_block.thinking", kind: "reasoning" },
  ],
  fields: {
    // Most servers count the prompt in the first event; some know it only at the end. Cached tokens are no part of
    // `input_tokens`.
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
    // Not the count of the first event, which has no answer yet.
    completionTokens: "usage.output_tokens",
    cachedTokens: { either: ["usage.cache_read_input_tokens", "message.usage.cache_read_input_tokens"] },
    finishReason: "delta.stop_reason",
  },
  finishField: "finishReason",
  end: { when: { path: "type", equals: "message_stop" } },
  errors: sharedErrors,
  ...sharedRules,
  contentTypes: ["text/event-stream"],
} as const satisfies Dialect;

const document = {
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
  errors: sharedErrors,
  ...sharedRules,
  contentTypes: ["application/json"],
} as const satisfies Dialect;

export const messages = {
  servers: "Anthropic messages: llama-server, vLLM, Ollama, LM Studio, LiteLLM",
  path: "/v1/messages",
  input: "messages",
  lengthField: "max_tokens",
  dialect: stream,
  syncDialect: document,
  auth: "x-api-key",
  headers: { "anthropic-version": "2023-06-01" },
  lacks: ["minP", "presencePenalty", "frequencyPenalty", "responseFormat", "cachePrompt"],
} as const satisfies Api;
