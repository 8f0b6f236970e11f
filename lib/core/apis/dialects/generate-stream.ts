// `/generate_stream` of Text Generation Inference and lightllm: https://huggingface.github.io/text-generation-inference,
// https://github.com/ModelTC/lightllm/blob/main/lightllm/server/api_lightllm.py.
//
// TGI says how it ended in `details` of its last event, lightllm in every event's own fields.
import type { Dialect } from "../../request/dialect.ts";

export const generateStream: Dialect = {
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
  errors: ["error"],
  contentTypes: ["text/event-stream"],
};
