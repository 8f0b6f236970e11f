// The `/generate_stream` of AMS v2, a hosted service, as its callers describe it; there is no public documentation.
//
// Each event has a piece of the answer in `generated_text`; the last one has `details`.
import type { Dialect } from "../../request/dialect.ts";

export const amsv2: Dialect = {
  name: "amsv2",
  framing: "sse",
  tokens: [{ path: "generated_text", kind: "content" }],
  fields: {
    completionTokens: "details.generated_tokens",
    finishReason: { either: ["details.finish_reason", "finish_reason"] },
  },
  finishField: "finishReason",
  end: { when: { path: "details" } },
  errors: ["error"],
  contentTypes: ["text/event-stream"],
};
