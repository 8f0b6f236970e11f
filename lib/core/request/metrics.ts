// The table of the metrics of a request, one row each. What k6 registers, the columns of summaries and exports, what people
// see, the documents, the JSON Schema and the subjects of requirements all follow from it.
//
// A metric that k6 gets is derived in every client: its formula is in request-metrics.ts. The formulas of the others are in their rows.

import type { Unit } from "../units.ts";
import type { Facts, RequestLine } from "./facts.ts";
import {
  type DerivedMetrics,
  minus,
  over,
  type RequestMetrics,
  toCount,
  toHiddenTokens,
  toNumber,
  toTotalTokens,
} from "./request-metrics.ts";
import type { SampleKey } from "./sample.ts";

export type Formula = (facts: Facts, metrics: DerivedMetrics | RequestMetrics) => number | undefined;

/** What only the runner needs. */
export interface MetricAbout {
  title: string;
  /** In words. */
  formula: string;
  /** The formula of a metric that k6 does not get. */
  of?: Formula;
  /** Position among the metrics that people see, lowest first; absent: only in summary.json, summary.csv and exports. */
  shown?: number;
  /** Groups of requests (by task, turn, server) also have its statistics. */
  perGroup?: true;
  /** Its percentiles also have a certified value. */
  certified?: true;
}

export interface Metric {
  unit: Unit;
  /** Absent if k6 does not get it. */
  k6Name?: string;
  /** k6's kind of metric; default: a trend. Only trends have statistics in a summary. */
  type?: "counter" | "rate";
  /** Where k6's clients derive its value: a key of request-metrics.ts. Absent with a formula in `about`, and for token gaps. */
  of?: SampleKey;
  /** What the value is multiplied by. */
  factor?: number;
  /** The value of another row under an older name: only k6 gets it. */
  alias?: true;
  /** A column of the exported requests, without statistics. */
  exportOnly?: true;
  about: MetricAbout;
}

declare const K6_BUNDLE: true | undefined;

/** The bundles for k6, which define K6_BUNDLE (scenario-bundle.mjs), omit these arguments: many clients load every byte. */
function about<const More extends Omit<MetricAbout, "title" | "formula">>(
  title: string,
  formula: string,
  more?: More,
): MetricAbout & More {
  if (typeof K6_BUNDLE === "undefined") return { title, formula, ...(more as More) };
  return undefined as unknown as MetricAbout & More;
}

export const METRICS = {
  ttft: {
    unit: "ms",
    k6Name: "llamacpp_ttft",
    of: "ttftMs",
    about: about("TTFT", "first token − sent; a token is non-empty content, reasoning or tool-call text", {
      shown: 10,
      perGroup: true,
      certified: true,
    }),
  },
  ttfo: {
    unit: "ms",
    k6Name: "llamacpp_ttfo",
    of: "ttfoMs",
    about: about("TTFO", "first content token − sent; later than TTFT on reasoning models", {
      shown: 20,
      perGroup: true,
    }),
  },
  headers: {
    unit: "ms",
    k6Name: "llamacpp_headers",
    of: "headersMs",
    about: about("Time to headers", "headers − sent; on llama-server approximately the wait for a slot", {
      shown: 70,
    }),
  },
  connect: {
    unit: "ms",
    about: about("Connect", "connection ready − start; 0 on a kept connection", {
      of: (f) => (f.reused ? 0 : minus(f.connectedMs, f.startMs)),
      shown: 80,
    }),
  },
  ttftWithConnect: {
    unit: "ms",
    k6Name: "llamacpp_ttft_with_connect",
    of: "ttftWithConnectMs",
    about: about(
      "TTFT with connect",
      "first token − start; comparable to clients that include the handshake",
    ),
  },
  scheduleDelay: {
    unit: "ms",
    k6Name: "llamacpp_schedule_delay",
    of: "scheduleDelayMs",
    about: about("Schedule delay", "start − scheduled (open loop)"),
  },
  scheduledTtft: {
    unit: "ms",
    k6Name: "llamacpp_scheduled_ttft",
    of: "scheduledTtftMs",
    about: about("Scheduled TTFT", "first token − scheduled (open loop)", {
      shown: 30,
      perGroup: true,
      certified: true,
    }),
  },
  sendDelay: {
    unit: "ms",
    exportOnly: true,
    about: about("Send delay", "sent − due: delay caused by the client", {
      // Due at the scheduled moment, otherwise at the start; on a new connection of a closed loop connecting lies between.
      of: (f) => minus(f.sentMs, f.scheduledMs ?? (f.reused ? f.startMs : undefined)),
    }),
  },
  tpot: {
    unit: "ms",
    k6Name: "llamacpp_tpot",
    of: "tpotMs",
    about: about("TPOT", "(last token − first token) / tokens that came after the first token event", {
      shown: 40,
      perGroup: true,
      certified: true,
    }),
  },
  itl: {
    unit: "ms",
    k6Name: "llamacpp_itl",
    about: about("ITL", "gap between consecutive token events; never contains TTFT", { shown: 50 }),
  },
  e2e: {
    unit: "ms",
    k6Name: "llamacpp_e2e",
    of: "e2eMs",
    about: about("E2E", "end of the stream − sent", { shown: 60, perGroup: true, certified: true }),
  },
  tokensPerSecond: {
    unit: "tokens/s",
    k6Name: "llamacpp_tokens_second",
    of: "tokensPerSecond",
    about: about("Total tokens/s of a request", "total tokens of usage / E2E", {
      shown: 100,
      perGroup: true,
    }),
  },
  generationTokensPerSecond: {
    unit: "tokens/s",
    k6Name: "llamacpp_generation_tokens_second",
    of: "generationTokensPerSecond",
    about: about("Output tokens/s of a request", "completion tokens / E2E", { shown: 110, perGroup: true }),
  },
  tokensPerSecondPerUser: {
    unit: "tokens/s",
    about: about("Tokens/s per user", "1 / TPOT", { of: (_, m) => over(1000, m.tpotMs), shown: 90 }),
  },
  promptTokensPerSecond: {
    unit: "tokens/s",
    k6Name: "llamacpp_prompt_processing_second",
    of: "promptTokensPerSecond",
    about: about("Prompt tokens/s", "prompt tokens / TTFT", { shown: 120 }),
  },
  uncachedPromptTokensPerSecond: {
    unit: "tokens/s",
    about: about("Uncached prompt tokens/s", "(prompt tokens − cached tokens) / TTFT", {
      of: (_, m) => {
        const uncached = minus(m.promptTokens, m.cachedTokens);
        return uncached !== undefined && uncached >= 0 ? over(uncached, m.ttftMs, 1000) : undefined;
      },
    }),
  },
  serverPromptTokensPerSecond: {
    unit: "tokens/s",
    about: about("Prompt tokens/s by the server", "`timings.prompt_per_second`", {
      of: ({ fields }) => toNumber(fields.serverPromptTokensPerSecond),
      shown: 130,
    }),
  },
  serverPredictedTokensPerSecond: {
    unit: "tokens/s",
    about: about("Output tokens/s by the server", "`timings.predicted_per_second`", {
      of: ({ fields }) => toNumber(fields.serverPredictedTokensPerSecond),
      shown: 140,
    }),
  },
  emitFirstTokenSecond: {
    unit: "s",
    k6Name: "llamacpp_emit_first_token_second",
    of: "ttftMs",
    factor: 0.001,
    alias: true,
    about: about("TTFT in seconds", "TTFT under the name that llama.cpp uses"),
  },
  tokensPerEvent: {
    unit: "ratio",
    about: about("Tokens per event", "(completion tokens of usage − hidden tokens) / token events", {
      of: (f) => over(minus(toNumber(f.fields.completionTokens), toHiddenTokens(f) || 0), f.tokenEvents),
    }),
  },
  readsPerEvent: {
    unit: "ratio",
    about: about("Reads per event", "reads / events", {
      of: (f) => (f.document ? undefined : over(f.reads, f.events)),
    }),
  },
  promptTokens: {
    unit: "tokens",
    k6Name: "llamacpp_prompt_tokens",
    of: "promptTokens",
    about: about("Prompt tokens", "`usage.prompt_tokens`", { shown: 160, perGroup: true }),
  },
  cachedTokens: {
    unit: "tokens",
    k6Name: "llamacpp_cached_tokens",
    of: "cachedTokens",
    about: about("Cached tokens", "`usage.prompt_tokens_details.cached_tokens`, else `timings.cache_n`", {
      shown: 170,
      perGroup: true,
    }),
  },
  completionTokens: {
    unit: "tokens",
    k6Name: "llamacpp_completion_tokens",
    of: "completionTokens",
    about: about(
      "Completion tokens",
      "`usage.completion_tokens`, else the number of token events (marked as estimated)",
      { shown: 180, perGroup: true },
    ),
  },
  hiddenTokens: {
    unit: "tokens",
    about: about("Hidden tokens", "`reasoning_tokens` of usage that no event carried", {
      of: (f) => {
        const hidden = toNumber(f.fields.reasoningTokens) === undefined ? Number.NaN : toHiddenTokens(f);
        return f.document || Number.isNaN(hidden) ? undefined : hidden;
      },
      shown: 185,
    }),
  },
  totalTokens: {
    unit: "tokens",
    exportOnly: true,
    about: about("Total tokens", "`usage.total_tokens`, else prompt + completion", { of: toTotalTokens }),
  },
  inputTokens: {
    unit: "tokens",
    about: about("Input tokens", "tokens sent, as counted before the run; absent if they were not counted", {
      of: (f) => toCount((f as Partial<RequestLine>).labels?.inputTokens),
      shown: 150,
      perGroup: true,
    }),
  },
  promptTokensTotal: {
    unit: "tokens",
    k6Name: "llamacpp_prompt_tokens_total_counter",
    type: "counter",
    of: "promptTokens",
    about: about("Prompt tokens, total", "sum over complete requests"),
  },
  completionTokensTotal: {
    unit: "tokens",
    k6Name: "llamacpp_completion_tokens_total_counter",
    type: "counter",
    of: "completionTokens",
    about: about("Completion tokens, total", "sum over complete requests"),
  },
  completions: {
    unit: "count",
    k6Name: "llamacpp_completed_requests",
    type: "counter",
    of: "verdict",
    about: about("Completed requests", "complete requests; a run without any fails"),
  },
  truncated: {
    unit: "share",
    k6Name: "llamacpp_completions_truncated_rate",
    type: "rate",
    of: "truncated",
    about: about("Truncated", "share of complete requests with finish reason `length`"),
  },
  stopped: {
    unit: "share",
    k6Name: "llamacpp_completions_stop_rate",
    type: "rate",
    of: "stopped",
    about: about("Stopped", "share of complete requests with finish reason `stop`"),
  },
  success: {
    unit: "share",
    k6Name: "llamacpp_success_rate",
    type: "rate",
    of: "verdict",
    about: about("Success rate", "share of complete requests among all but aborted and interrupted ones"),
  },
  goodput: {
    unit: "share",
    k6Name: "llamacpp_goodput_rate",
    type: "rate",
    of: "good",
    about: about(
      "Goodput",
      "share of arrivals that were complete and met every SLO; failures and arrivals never sent count as missed",
    ),
  },
  aborted: {
    unit: "count",
    k6Name: "llamacpp_aborted_requests",
    type: "counter",
    of: "aborted",
    about: about(
      "Aborted requests",
      "requests that hung up on purpose (`--abort-share`); excluded from failures and latencies",
    ),
  },
} as const satisfies Record<string, Metric>;

export type MetricKey = keyof typeof METRICS;

/** The key of a metric's value among everything that is derived from the facts of a request. */
export function fieldOf(key: string, { of, unit }: Pick<Metric, "of" | "unit">): string {
  return of ?? (unit === "ms" ? `${key}Ms` : key);
}
