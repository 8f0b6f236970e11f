// llama.cpp's own `/completion`: https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md.
import type { Dialect } from "../../request/dialect.ts";
import { type Api, PLAIN } from "../api.ts";
import { openAiFields } from "../openai-fields.ts";
import { sharedErrors, sharedRules } from "../shared-rules.ts";

const {
  promptTokens,
  completionTokens,
  totalTokens,
  cachedTokens,
  reasoningTokens,
  finishReason,
  ...timings
} = openAiFields.fields;

const stream = {
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
  errors: sharedErrors,
  ...sharedRules,
  contentTypes: ["text/event-stream"],
} as const satisfies Dialect;

const document = {
  ...stream,
  name: "llama-completion-sync",
  framing: "json",
  end: {},
  contentTypes: ["application/json"],
} as const satisfies Dialect;

export const completion = {
  servers: "llama.cpp's own",
  path: "/completion",
  input: "text",
  lengthField: "n_predict",
  dialect: stream,
  syncDialect: document,
  auth: "bearer",
  lacks: PLAIN,
  exactLength: true,
} as const satisfies Api;
