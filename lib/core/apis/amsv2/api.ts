// The `/generate_stream` of AMS v2, a hosted service, as its callers describe it; there is no public documentation.
import type { Dialect } from "../../request/dialect.ts";
import { type Api, PLAIN } from "../api.ts";
import { sharedErrors, sharedRules } from "../shared-rules.ts";

/** Each event has a piece of the answer in `generated_text`; the last one has `details`. */
const stream = {
  name: "amsv2",
  framing: "sse",
  tokens: [{ path: "generated_text", kind: "content" }],
  fields: {
    completionTokens: "details.generated_tokens",
    finishReason: { either: ["details.finish_reason", "finish_reason"] },
  },
  finishField: "finishReason",
  end: { when: { path: "details" } },
  errors: sharedErrors,
  ...sharedRules,
  contentTypes: ["text/event-stream"],
} as const satisfies Dialect;

export const amsv2 = {
  servers: "AMS v2, a hosted service",
  path: "/generate_stream",
  input: "text",
  lengthField: "parameters.max_new_tokens",
  dialect: stream,
  auth: "bearer",
  lacks: [...PLAIN, "minP", "presencePenalty", "frequencyPenalty", "stop", "cachePrompt"],
} as const satisfies Api;
