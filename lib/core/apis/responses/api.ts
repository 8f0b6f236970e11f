// OpenAI responses: https://platform.openai.com/docs/api-reference/responses, also of llama-server and vLLM.
import type { Dialect, TokenKind, TokenPath } from "../../request/dialect.ts";
import type { Api } from "../api.ts";
import { sharedErrors, sharedRules } from "../shared-rules.ts";

const type = <T extends string>(equals: T) => ({ path: "type", equals }) as const;

/** Where a response, itself or inside an event, has its usage. @param at in front of a key: "", or "response." */
function usageAt(at: "" | "response.") {
  return {
    promptTokens: `${at}usage.input_tokens`,
    completionTokens: `${at}usage.output_tokens`,
    totalTokens: `${at}usage.total_tokens`,
    cachedTokens: `${at}usage.input_tokens_details.cached_tokens`,
    reasoningTokens: `${at}usage.output_tokens_details.reasoning_tokens`,
  };
}

/** The places of tokens in events of the types `response.NAME.delta`. */
function toDeltas(kind: TokenKind, names: string[]): TokenPath[] {
  return names.map((name) => ({ path: "delta", kind, when: type(`response.${name}.delta`) }));
}

/** https://platform.openai.com/docs/api-reference/responses-streaming */
const stream = {
  name: "responses",
  framing: "sse",
  tokens: [
    ...toDeltas("content", ["output_text", "refusal", "output_audio_transcript", "audio.transcript"]),
    ...toDeltas("reasoning", ["reasoning_text", "reasoning_summary_text", "reasoning", "reasoning_summary"]),
    ...toDeltas("tool_call", [
      "function_call_arguments",
      "mcp_call_arguments",
      "custom_tool_call_input",
      "code_interpreter_call_code",
    ]),
    { path: "item.name", kind: "tool_call", when: type("response.output_item.added") },
  ],
  fields: {
    ...usageAt("response."),
    // A response has a status before its end, too: "in_progress".
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
  end: {
    when: [
      type("response.completed"),
      type("response.incomplete"),
      type("response.failed"),
      type("response.cancelled"),
    ],
  },
  // An event of the type "error" has its message at the top.
  errors: [
    { path: "message", when: type("error") },
    ...sharedErrors,
    "response.error",
    { path: "response.status", when: type("response.failed") },
    { path: "response.status", when: type("response.cancelled") },
  ],
  echoes: true,
  ...sharedRules,
  contentTypes: ["text/event-stream"],
} as const satisfies Dialect;

/** https://platform.openai.com/docs/api-reference/responses/object */
const document = {
  name: "responses-sync",
  framing: "json",
  tokens: [
    { path: "output.*.content.*.text", kind: "content" },
    { path: "output.*.content.*.refusal", kind: "content" },
    { path: "output.*.summary.*.text", kind: "reasoning" },
    { path: "output.*.name", kind: "tool_call" },
  ],
  fields: {
    ...usageAt(""),
    finishReason: { either: ["incomplete_details.reason", "status"] },
  },
  finishField: "finishReason",
  end: {},
  errors: sharedErrors,
  ...sharedRules,
  contentTypes: ["application/json"],
} as const satisfies Dialect;

export const responses = {
  servers: "OpenAI responses: llama-server, vLLM",
  path: "/v1/responses",
  input: "messages",
  lengthField: "max_output_tokens",
  dialect: stream,
  syncDialect: document,
  auth: "bearer",
  lacks: ["topK", "minP", "presencePenalty", "frequencyPenalty", "stop", "cachePrompt"],
} as const satisfies Api;
