// OpenAI chat completions as llama-server, vLLM and SGLang stream them.
import type { Dialect } from "../dialect.ts";

const delta = "choices.*.delta.";

export const chatCompletions: Dialect = {
  name: "chat-completions",
  framing: "sse",
  tokens: [
    { path: `${delta}content`, kind: "content" },
    { path: `${delta}reasoning_content`, kind: "reasoning" },
    { path: `${delta}reasoning`, kind: "reasoning" },
    { path: `${delta}tool_calls.*.function.arguments`, kind: "tool_call" },
    { path: `${delta}tool_calls.*.function.name`, kind: "tool_call" },
    { path: `${delta}function_call.arguments`, kind: "tool_call" },
    { path: `${delta}function_call.name`, kind: "tool_call" },
  ],
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
  end: { data: "[DONE]" },
  errors: ["error"],
  contentTypes: ["text/event-stream"],
};
