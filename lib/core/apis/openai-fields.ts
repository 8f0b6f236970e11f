// What llama-server, vLLM and SGLang add to the text, the same in every answer of their OpenAI API.
import type { Dialect } from "../request/dialect.ts";

export const openAiFields = {
  fields: {
    promptTokens: "usage.prompt_tokens",
    completionTokens: "usage.completion_tokens",
    totalTokens: "usage.total_tokens",
    cachedTokens: "usage.prompt_tokens_details.cached_tokens",
    finishReason: "choices.*.finish_reason",
    serverCachedTokens: "timings.cache_n",
    serverPromptTokens: "timings.prompt_n",
    serverPromptMs: "timings.prompt_ms",
    serverPromptTokensPerSecond: "timings.prompt_per_second",
    serverPredictedTokens: "timings.predicted_n",
    serverPredictedMs: "timings.predicted_ms",
    serverPredictedTokensPerSecond: "timings.predicted_per_second",
    serverDraftTokens: "timings.draft_n",
    serverDraftTokensAccepted: "timings.draft_n_accepted",
  },
  finishField: "finishReason",
  errors: ["error"],
} as const satisfies Pick<Dialect, "fields" | "finishField" | "errors">;
