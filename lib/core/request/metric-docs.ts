// Title and formula of each metric: for the README's table and reports. Not in scenario bundles.
import type { TrendKey } from "./detail-table.ts";

export interface MetricDoc {
  title: string;
  formula: string;
}

export const METRIC_DOCS = {
  ttft: {
    title: "TTFT",
    formula: "first token − sent; a token is non-empty content, reasoning or tool-call text",
  },
  goodput: {
    title: "Goodput",
    formula:
      "share of arrivals that were complete and met every SLO; failures and arrivals never sent missed",
  },
  ttfo: { title: "TTFO", formula: "first content token − sent; later than TTFT on reasoning models" },
  headers: { title: "Time to headers", formula: "headers − sent; on llama-server about the wait for a slot" },
  connect: { title: "Connect", formula: "connection ready − start; 0 on a kept connection" },
  ttftWithConnect: {
    title: "TTFT with connect",
    formula: "first token − start: what clients report that count the handshake",
  },
  scheduleDelay: { title: "Schedule delay", formula: "start − scheduled (open loop)" },
  scheduledTtft: { title: "Scheduled TTFT", formula: "first token − scheduled (open loop)" },
  tpot: { title: "TPOT", formula: "(last token − first token) / (completion tokens of usage − 1)" },
  itl: { title: "ITL", formula: "gap between consecutive token events; never contains TTFT" },
  e2e: { title: "E2E", formula: "end of the stream − sent" },
  tokensPerSecondPerUser: { title: "Tokens/s per user", formula: "1 / TPOT" },
  tokensPerSecond: { title: "Total tokens/s of a request", formula: "total tokens of usage / E2E" },
  generationTokensPerSecond: {
    title: "Output tokens/s of a request",
    formula: "completion tokens / E2E",
  },
  promptTokensPerSecond: { title: "Prompt tokens/s", formula: "prompt tokens / TTFT" },
  uncachedPromptTokensPerSecond: {
    title: "Uncached prompt tokens/s",
    formula: "(prompt tokens − cached tokens) / TTFT",
  },
  serverPromptTokensPerSecond: {
    title: "Prompt tokens/s by the server",
    formula: "`timings.prompt_per_second`",
  },
  serverPredictedTokensPerSecond: {
    title: "Output tokens/s by the server",
    formula: "`timings.predicted_per_second`",
  },
  emitFirstTokenSecond: { title: "TTFT in seconds", formula: "TTFT under the name that llama.cpp uses" },
  promptTokens: { title: "Prompt tokens", formula: "`usage.prompt_tokens`" },
  cachedTokens: {
    title: "Cached tokens",
    formula: "`usage.prompt_tokens_details.cached_tokens`, else `timings.cache_n`",
  },
  completionTokens: {
    title: "Completion tokens",
    formula: "`usage.completion_tokens`, else the number of token events (marked as estimated)",
  },
  tokensPerEvent: { title: "Tokens per event", formula: "completion tokens of usage / token events" },
  readsPerEvent: { title: "Reads per event", formula: "reads / events" },
  inputTokens: {
    title: "Input tokens",
    formula: "tokens of what was sent, as counted before the run; absent where nobody counted",
  },
  promptTokensTotal: { title: "Prompt tokens, total", formula: "sum over complete requests" },
  completionTokensTotal: { title: "Completion tokens, total", formula: "sum over complete requests" },
  truncated: { title: "Truncated", formula: "share of complete requests with finish reason `length`" },
  stopped: { title: "Stopped", formula: "share of complete requests with finish reason `stop`" },
  success: {
    title: "Success rate",
    formula: "share of complete requests among all but aborted and interrupted ones",
  },
  aborted: {
    title: "Aborted requests",
    formula: "requests that hung up on purpose (`--abort-share`): no failures, and in no latency",
  },
} as const satisfies Record<TrendKey, MetricDoc>;
