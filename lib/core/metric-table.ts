// The table of the metrics that k6 gets, one row each: registration, console, summary, report and README all read it.
// What only a summary shows is in detail-table.ts.
//
// Titles and formulas stand in metric-docs.ts (same keys, checked by the compiler), which no scenario bundle carries.
import type { RequestMetrics } from "./request-metrics.ts";
import type { Unit } from "./units.ts";

export interface Metric {
  k6Name: string;
  type: "trend" | "counter" | "rate";
  unit: Unit;
  /** k6 shows the values as times. */
  isTime?: true;
  /** k6 gets the samples from Go, one a token gap: the scenario must not add any. */
  fromGo?: true;
  /** The same value as another row under an older name: k6 only, never in a summary. */
  alias?: true;
  /** Judges requests of every verdict; all other rows take complete requests only. */
  everyVerdict?: true;
  of: (m: RequestMetrics) => number | boolean | undefined;
}

const PREFIX = "llamacpp_";

const trend = (
  name: string | undefined,
  unit: Unit,
  of: Metric["of"],
  more: Partial<Metric> = {},
): Metric => ({
  k6Name: PREFIX + name,
  type: "trend",
  unit,
  of,
  ...more,
});
const time = (name: string, of: Metric["of"], more: Partial<Metric> = {}): Metric =>
  trend(name, "ms", of, { isTime: true, ...more });
const counter = (name: string, of: Metric["of"]): Metric => ({
  ...trend(name, "tokens", of),
  type: "counter",
});
const rate = (name: string, of: Metric["of"], more: Partial<Metric> = {}): Metric => ({
  ...trend(name, "share", of, more),
  type: "rate",
});

function table<K extends string>(rows: Record<K, Metric>): Record<K, Metric> {
  return rows;
}

export const METRICS = table({
  ttft: time("ttft", (m) => m.ttftMs),
  ttfo: time("ttfo", (m) => m.ttfoMs),
  headers: time("headers", (m) => m.headersMs),
  ttftWithConnect: time("ttft_with_connect", (m) => m.ttftWithConnectMs),
  scheduleDelay: time("schedule_delay", (m) => m.scheduleDelayMs),
  scheduledTtft: time("scheduled_ttft", (m) => m.scheduledTtftMs),
  tpot: time("tpot", (m) => m.tpotMs),
  itl: time("itl", () => undefined, { fromGo: true }),
  e2e: time("e2e", (m) => m.e2eMs),
  tokensPerSecond: trend("tokens_second", "tokens/s", (m) => m.tokensPerSecond),
  generationTokensPerSecond: trend(
    "generation_tokens_second",
    "tokens/s",
    (m) => m.generationTokensPerSecond,
  ),
  promptTokensPerSecond: trend("prompt_processing_second", "tokens/s", (m) => m.promptTokensPerSecond),
  emitFirstTokenSecond: trend(
    "emit_first_token_second",
    "s",
    (m) => (m.ttftMs === undefined ? undefined : m.ttftMs / 1000),
    { alias: true },
  ),
  promptTokens: trend("prompt_tokens", "tokens", (m) => m.promptTokens),
  cachedTokens: trend("cached_tokens", "tokens", (m) => m.cachedTokens),
  completionTokens: trend("completion_tokens", "tokens", (m) => m.completionTokens),
  promptTokensTotal: counter("prompt_tokens_total_counter", (m) => m.promptTokens),
  completionTokensTotal: counter("completion_tokens_total_counter", (m) => m.completionTokens),
  truncated: rate("completions_truncated_rate", (m) => m.truncated),
  stopped: rate("completions_stop_rate", (m) => m.stopped),
  success: rate(
    "success_rate",
    (m) => (m.verdict === "aborted" || m.verdict === "interrupted" ? undefined : m.verdict === "complete"),
    { everyVerdict: true },
  ),
});

export type MetricKey = keyof typeof METRICS;

/** What one request adds to a metric: a number, a boolean for a rate, or nothing. */
export function sampleOf(metric: Metric, m: RequestMetrics): number | boolean | undefined {
  return m.verdict === "complete" || metric.everyVerdict ? metric.of(m) : undefined;
}
