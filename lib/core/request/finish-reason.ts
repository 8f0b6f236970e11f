// Why an answer ended, whatever the API's word for it is. The journal keeps the server's own word.
//
// No two APIs mean different things by one word.
import type { Facts } from "./facts.ts";

/** OpenAI and lightllm, Ollama; Anthropic messages; OpenAI responses; llama.cpp's `/completion`. */
const LENGTH = ["length", "max_tokens", "model_context_window_exceeded", "max_output_tokens", "limit"];
/** The same, and Text Generation Inference. */
const STOP = ["stop", "end_turn", "stop_sequence", "completed", "eos", "word", "eos_token"];
const TOOL_CALLS = ["tool_calls", "tool_use"];
const FILTERED = ["content_filter", "refusal"];

type Ended = Pick<Facts, "fields">;

const isOneOf =
  (words: readonly unknown[]) =>
  ({ fields }: Ended): boolean =>
    words.includes(fields.finishReason);

/** The limit ended it. */
export const isTruncated = /* @__PURE__ */ isOneOf(LENGTH);
/** The model ended it, or a stop word. */
export const isStopped = /* @__PURE__ */ isOneOf(STOP);
/** It ended with calls of tools. */
export const callsTools = /* @__PURE__ */ isOneOf(TOOL_CALLS);
/** The server kept it back. */
export const isFiltered = /* @__PURE__ */ isOneOf(FILTERED);
