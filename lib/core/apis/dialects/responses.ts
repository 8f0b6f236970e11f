// OpenAI responses, streamed: https://platform.openai.com/docs/api-reference/responses-streaming; llama-server and vLLM speak it, too.
import type { Dialect, When } from "../../request/dialect.ts";

const type = (equals: string): When => ({ path: "type", equals });

/** Where a response, itself or inside an event, has its usage. @param at in front of a key: "", or "response." */
export function responseUsage(at: "" | "response."): Dialect["fields"] {
  return {
    promptTokens: `${at}usage.input_tokens`,
    completionTokens: `${at}usage.output_tokens`,
    totalTokens: `${at}usage.total_tokens`,
    cachedTokens: `${at}usage.input_tokens_details.cached_tokens`,
  };
}

export const responses: Dialect = {
  name: "responses",
  framing: "sse",
  tokens: [
    { path: "delta", kind: "content", when: type("response.output_text.delta") },
    { path: "delta", kind: "content", when: type("response.refusal.delta") },
    { path: "delta", kind: "reasoning", when: type("response.reasoning_text.delta") },
    { path: "delta", kind: "reasoning", when: type("response.reasoning_summary_text.delta") },
    { path: "delta", kind: "tool_call", when: type("response.function_call_arguments.delta") },
    { path: "item.name", kind: "tool_call", when: type("response.output_item.added") },
  ],
  fields: {
    ...responseUsage("response."),
    // Before its end a response has a status, too: "in_progress".
    finishReason: {
      either: [
        "response.incomplete_details.reason",
        { path: "response.status", when: type("response.completed") },
      ],
    },
    serverPromptTokensPerSecond: "timings.prompt_per_second",
    serverPredictedTokensPerSecond: "timings.predicted_per_second",
  },
  finishField: "finishReason",
  end: { when: [type("response.completed"), type("response.incomplete"), type("response.failed")] },
  // An event of the type "error" has its message at the top.
  errors: ["error", "response.error", "message"],
  contentTypes: ["text/event-stream"],
};
