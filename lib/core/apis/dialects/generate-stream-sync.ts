// `/generate` of Text Generation Inference and lightllm: the whole answer in one JSON document.
import type { Dialect } from "../../request/dialect.ts";

export const generateStreamSync: Dialect = {
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
  errors: ["error"],
  // lightllm sends none.
  contentTypes: ["application/json", ""],
};
