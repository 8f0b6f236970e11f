// OpenAI chat completions as llama-server, vLLM and SGLang answer them.
import type { Dialect, TokenPath } from "../../request/dialect.ts";
import type { Api } from "../api.ts";
import { openAiFields } from "../openai-fields.ts";

/** Where a message, or a piece of one, has its text. */
function messageTokens(message: string): TokenPath[] {
  return [
    { path: `${message}.content`, kind: "content" },
    { path: `${message}.reasoning_content`, kind: "reasoning" },
    { path: `${message}.reasoning`, kind: "reasoning" },
    { path: `${message}.tool_calls.*.function.arguments`, kind: "tool_call" },
    { path: `${message}.tool_calls.*.function.name`, kind: "tool_call" },
    { path: `${message}.function_call.arguments`, kind: "tool_call" },
    { path: `${message}.function_call.name`, kind: "tool_call" },
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
