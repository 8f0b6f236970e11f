// llama.cpp's own `/completion`, streamed: https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md.
import type { Dialect } from "../../request/dialect.ts";
import { openAiFields } from "./openai-fields.ts";

const { promptTokens, completionTokens, totalTokens, cachedTokens, finishReason, ...timings } =
  openAiFields.fields;

export const llamaCompletion: Dialect = {
  name: "llama-completion",
  framing: "sse",
  tokens: [{ path: "content", kind: "content" }],
  fields: {
    promptTokens: "tokens_evaluated",
    completionTokens: "tokens_predicted",
    finishReason: "stop_type",
    ...timings,
  },
  finishField: "finishReason",
  end: { when: { path: "stop", equals: true } },
  errors: ["error"],
  contentTypes: ["text/event-stream"],
};
