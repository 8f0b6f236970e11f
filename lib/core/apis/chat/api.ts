// OpenAI chat completions as llama-server, vLLM and SGLang answer them.
import type { Dialect, TokenPath } from "../../request/dialect.ts";
import type { Api } from "../api.ts";
import { openAiFields } from "../openai-fields.ts";

/**
 * Where a message, or a piece of one, has its text. Mistral and gateways send content as a list of parts; OpenRouter, MiniMax
 * and LiteLLM have reasoning under names of their own.
 */
function messageTokens(message: string): TokenPath[] {
  return [
    { path: `${message}.content`, kind: "content" },
    { path: `${message}.content.*.text`, kind: "content" },
    { path: `${message}.refusal`, kind: "content" },
    { path: `${message}.audio.transcript`, kind: "content" },
    { path: `${message}.reasoning_content`, kind: "reasoning" },
    { path: `${message}.reasoning`, kind: "reasoning" },
    { path: `${message}.reasoning_details.*.text`, kind: "reasoning" },
    { path: `${message}.reasoning_details.*.summary`, kind: "reasoning" },
    { path: `${message}.thinking`, kind: "reasoning" },
    { path: `${message}.thinking_blocks.*.thinking`, kind: "reasoning" },
    { path: `${message}.content.*.thinking`, kind: "reasoning" },
    { path: `${message}.content.*.thinking.*.text`, kind: "reasoning" },
    { path: `${message}.tool_calls.*.function.arguments`, kind: "tool_call" },
    { path: `${message}.tool_calls.*.function.name`, kind: "tool_call" },
    { path: `${message}.function_call.arguments`, kind: "tool_call" },
    { path: `${message}.function_call.name`, kind: "tool_call" },
    { path: `${message}.tool_calls.*.custom.input`, kind: "tool_call" },
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
