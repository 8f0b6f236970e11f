// Why an answer ended, in the words of every API. The journal keeps the server's own word.
//
// No word has different meanings in two APIs.
import type { Facts } from "./facts.ts";

/** OpenAI and lightllm, Ollama; Anthropic messages; OpenAI responses; llama.cpp's `/completion`; Mistral. */
const LENGTH = [
  "length",
  "max_tokens",
  "model_context_window_exceeded",
  "max_output_tokens",
  "limit",
  "model_length",
];
/** The same, and Text Generation Inference. */
const STOP = ["stop", "end_turn", "stop_sequence", "completed", "eos", "word", "eos_token"];
const TOOL_CALLS = ["tool_calls", "tool_use", "function_call"];
const FILTERED = ["content_filter", "refusal"];

type Ended = Pick<Facts, "fields">;

const isOneOf =
  (words: readonly unknown[]) =>
  ({ fields }: Ended): boolean =>
    words.includes(fields.finishReason);

/** The limit ended it. */
export const isTruncated = /* @__PURE__ */ isOneOf(LENGTH);
/** The model or a stop sequence ended it. */
export const isStopped = /* @__PURE__ */ isOneOf(STOP);
/** It ended with tool calls. */
export const callsTools = /* @__PURE__ */ isOneOf(TOOL_CALLS);
/** The server withheld it. */
export const isFiltered = /* @__PURE__ */ isOneOf(FILTERED);
