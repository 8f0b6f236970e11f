// `/generate_stream` and `/generate` of Text Generation Inference and lightllm:
// https://huggingface.github.io/text-generation-inference,
// https://github.com/ModelTC/lightllm/blob/main/lightllm/server/api_lightllm.py.
import type { Dialect } from "../../request/dialect.ts";
import { type Api, PLAIN } from "../api.ts";
import { sharedErrors, sharedRules } from "../shared-rules.ts";

/** TGI says how an answer ended in `details` of its last event, lightllm in every event's own fields. */
const stream = {
  name: "generate-stream",
  framing: "sse",
  // A special token, such as the one that ends an answer, is no text of it.
  tokens: [{ path: "token.text", kind: "content", when: { path: "token.special", equals: false } }],
  fields: {
    promptTokens: { either: ["details.input_length", "token.prompt_tokens"] },
    completionTokens: { either: ["details.generated_tokens", "token.count_output_tokens"] },
    finishReason: { either: ["details.finish_reason", "finish_reason"] },
  },
  finishField: "finishReason",
  end: { when: [{ path: "finished", equals: true }, { path: "generated_text" }] },
  errors: sharedErrors,
  ...sharedRules,
  contentTypes: ["text/event-stream"],
} as const satisfies Dialect;

const document = {
  name: "generate-stream-sync",
  framing: "json",
  tokens: [
    { path: "generated_text", kind: "content" },
    { path: "generated_text.0", kind: "content" },
  ],
  fields: {
    promptTokens: { either: ["details.input_length", "prompt_tokens"] },
    completionTokens: { either: ["details.generated_tokens", "count_output_tokens"] },
    finishReason: { either: ["details.finish_reason", "finish_reason"] },
  },
  finishField: "finishReason",
  end: {},
  errors: sharedErrors,
  ...sharedRules,
  // lightllm sends none.
  contentTypes: ["application/json", ""],
} as const satisfies Dialect;

export const generateStream = {
  servers: "Text Generation Inference, lightllm",
  path: "/generate_stream",
  syncPath: "/generate",
  input: "text",
  lengthField: "parameters.max_new_tokens",
  dialect: stream,
  syncDialect: document,
  auth: "bearer",
  lacks: [...PLAIN, "minP", "cachePrompt"],
  exactLength: true,
} as const satisfies Api;
