// What llama-server, vLLM and SGLang add to the text, the same in every answer of their OpenAI API.
import type { Dialect } from "../request/dialect.ts";
import { sharedErrors, sharedRules } from "./shared-rules.ts";

/** Moonshot has the usage in the choice, Groq in an object of its own. */
function inUsage<const Key extends string>(key: Key) {
  return { either: [`usage.${key}`, `choices.*.usage.${key}`, `x_groq.usage.${key}`] } as const;
}

export const openAiFields = {
  fields: {
    promptTokens: inUsage("prompt_tokens"),
    completionTokens: inUsage("completion_tokens"),
    totalTokens: inUsage("total_tokens"),
    cachedTokens: inUsage("prompt_tokens_details.cached_tokens"),
    // SGLang has them beside the other counts.
    reasoningTokens: {
      either: [
        "usage.completion_tokens_details.reasoning_tokens",
        "usage.reasoning_tokens",
        "choices.*.usage.completion_tokens_details.reasoning_tokens",
        "x_groq.usage.completion_tokens_details.reasoning_tokens",
      ],
    },
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
  choices: { list: "choices", index: "index", finish: "finish_reason" },
  errors: [...sharedErrors, "choices.*.error"],
  ...sharedRules,
} as const satisfies Partial<Dialect>;
