// OpenAI chat completions as llama-server, vLLM and SGLang answer them.
import type { Dialect, TokenKind, TokenPath } from "../../request/dialect.ts";
import type { Api } from "../api.ts";
import { openAiFields } from "../openai-fields.ts";

/**
 * Where a message, or a piece of one, has its text. Mistral and gateways send content as a list of parts; OpenRouter, MiniMax
 * and LiteLLM have reasoning under names of their own.
 */
function messageTokens(message: string): TokenPath[] {
  const at = (kind: TokenKind, keys: string[]): TokenPath[] =>
    keys.map((key) => ({ path: `${message}.${key}`, kind }));
  return [
    ...at("content", ["content", "content.*.text", "refusal", "audio.transcript"]),
    ...at("reasoning", ["reasoning_content", "reasoning", "reasoning_details.*.text"]),
    ...at("reasoning", ["reasoning_details.*.summary", "thinking", "thinking_blocks.*.thinking"]),
    ...at("reasoning", ["content.*.thinking", "content.*.thinking.*.text"]),
    ...at("tool_call", ["tool_calls.*.function.arguments", "tool_calls.*.function.name"]),
    ...at("tool_call", ["function_call.arguments", "function_call.name", "tool_calls.*.custom.input"]),
  ];
}

const stream = {
  name: "chat-completions",
  framing: "sse",
  tokens: messageTokens("choices.*.delta"),
  ...openAiFields,
  end: { data: "[DONE]" },
  contentTypes: ["text/event-stream"],
} as const satisfies Dialect;

const document = {
  name: "chat-completions-sync",
  framing: "json",
  tokens: messageTokens("choices.*.message"),
  ...openAiFields,
  end: {},
  contentTypes: ["application/json"],
} as const satisfies Dialect;

export const chat = {
  servers: "OpenAI chat completions: llama-server, vLLM, SGLang, TGI, Ollama, LM Studio, LiteLLM",
  path: "/v1/chat/completions",
  input: "messages",
  lengthField: "max_tokens",
  body: "openai",
  dialect: stream,
  syncDialect: document,
  auth: "bearer",
  lacks: [],
  exactLength: true,
} as const satisfies Api;
