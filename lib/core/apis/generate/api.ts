// vLLM's legacy `/generate`: https://github.com/vllm-project/vllm/blob/main/vllm/entrypoints/api_server.py.
//
// Every event has the whole text so far, prompt included. Early versions end it with a zero byte, later ones with a line's end.
// It has no usage, no finish reason, no end marker and no media type; an error has its own status, or breaks the connection.
import type { Dialect } from "../../request/dialect.ts";
import { type Api, PLAIN } from "../api.ts";
import { sharedErrors, sharedRules } from "../shared-rules.ts";

const stream = {
  name: "vllm-generate",
  framing: "nul",
  tokens: [{ path: "text.0", kind: "content" }],
  cumulative: true,
  fields: {},
  finishField: "",
  end: { body: true },
  errors: sharedErrors,
  ...sharedRules,
  contentTypes: ["application/json", "", "application/x-ndjson", "text/plain", "text/event-stream"],
} as const satisfies Dialect;

export const generate = {
  servers: "vLLM's legacy demo server, lines or zero bytes",
  path: "/generate",
  input: "text",
  lengthField: "max_tokens",
  dialect: stream,
  auth: "bearer",
  lacks: [...PLAIN, "cachePrompt"],
  exactLength: true,
  repeatsPrompt: true,
} as const satisfies Api;
