// OpenAI completions (a prompt is continued, no chat) as llama-server, vLLM and SGLang answer them.
import type { Dialect } from "../../request/dialect.ts";
import type { Api } from "../api.ts";
import { openAiFields } from "../openai-fields.ts";

const stream = {
  name: "completions",
  framing: "sse",
  tokens: [{ path: "choices.*.text", kind: "content" }],
  ...openAiFields,
  end: { data: "[DONE]" },
  contentTypes: ["text/event-stream"],
} as const satisfies Dialect;

const document = {
  ...stream,
  name: "completions-sync",
  framing: "json",
  end: {},
  contentTypes: ["application/json"],
} as const satisfies Dialect;

export const completions = {
  servers: "OpenAI completions, for base models: the same servers",
  path: "/v1/completions",
  input: "text",
  lengthField: "max_tokens",
  body: "openai",
  dialect: stream,
  syncDialect: document,
  auth: "bearer",
  lacks: ["tools"],
  exactLength: true,
} as const satisfies Api;
