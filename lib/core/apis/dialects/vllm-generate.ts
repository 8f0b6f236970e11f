// vLLM's legacy `/generate`, streamed: https://github.com/vllm-project/vllm/blob/main/vllm/entrypoints/api_server.py.
//
// Every event has the whole text so far, prompt included. Early versions end it with a zero byte, later ones with a line's end.
// It has no usage, no finish reason, no end marker and no media type; an error is a status of its own, or a connection that breaks.
import type { Dialect } from "../../request/dialect.ts";

export const vllmGenerate: Dialect = {
  name: "vllm-generate",
  framing: "nul",
  tokens: [{ path: "text.0", kind: "content" }],
  cumulative: true,
  fields: {},
  finishField: "",
  end: { body: true },
  errors: ["error"],
  contentTypes: ["application/json", "", "application/x-ndjson", "text/plain", "text/event-stream"],
};
