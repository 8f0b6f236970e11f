// The table of the metrics that k6 gets, one row each: registration, console, summary, report and README all read it.
// What only a summary shows is in detail-table.ts.
//
// Titles and formulas stand in metric-docs.ts (same keys, checked by the compiler), which no scenario bundle carries.

import type { Unit } from "../units.ts";
import type { DerivedMetrics, RequestMetrics } from "./request-metrics.ts";
import { type SampleKey, sampleAt } from "./sample.ts";

export interface Metric {
  k6Name: string;
  type: "trend" | "counter" | "rate";
  unit: Unit;
  /** k6 shows the values as times. */
  isTime?: true;
  /** The same value as another row under an older name: k6 only, never in a summary. */
  alias?: true;
  /** Where the value of a request is; absent where k6 gets the samples from Go. */
  of?: SampleKey;
  /** What the value is multiplied by. */
  factor?: number;
}

const PREFIX = "llamacpp_";

const trend = (name: string, unit: Unit, of?: SampleKey, more: Partial<Metric> = {}): Metric => ({
  k6Name: PREFIX + name,
  type: "trend",
  unit,
  ...(of && { of }),
  ...more,
});
const time = (name: string, of?: SampleKey): Metric => trend(name, "ms", of, { isTime: true });
const counter = (name: string, of: SampleKey): Metric => trend(name, "tokens", of, { type: "counter" });
const rate = (name: string, of: SampleKey): Metric => trend(name, "share", of, { type: "rate" });

function table<K extends string>(rows: Record<K, Metric>): Record<K, Metric> {
  return rows;
}

export const METRICS = table({
  ttft: time("ttft", "ttftMs"),
  ttfo: time("ttfo", "ttfoMs"),
  headers: time("headers", "headersMs"),
  ttftWithConnect: time("ttft_with_connect", "ttftWithConnectMs"),
  scheduleDelay: time("schedule_delay", "scheduleDelayMs"),
  scheduledTtft: time("scheduled_ttft", "scheduledTtftMs"),
  tpot: time("tpot", "tpotMs"),
  itl: time("itl"),
  e2e: time("e2e", "e2eMs"),
  tokensPerSecond: trend("tokens_second", "tokens/s", "tokensPerSecond"),
  generationTokensPerSecond: trend("generation_tokens_second", "tokens/s", "generationTokensPerSecond"),
  promptTokensPerSecond: trend("prompt_processing_second", "tokens/s", "promptTokensPerSecond"),
  emitFirstTokenSecond: trend("emit_first_token_second", "s", "ttftMs", { factor: 0.001, alias: true }),
  promptTokens: trend("prompt_tokens", "tokens", "promptTokens"),
  cachedTokens: trend("cached_tokens", "tokens", "cachedTokens"),
  completionTokens: trend("completion_tokens", "tokens", "completionTokens"),
  promptTokensTotal: counter("prompt_tokens_total_counter", "promptTokens"),
  completionTokensTotal: counter("completion_tokens_total_counter", "completionTokens"),
  truncated: rate("completions_truncated_rate", "truncated"),
  stopped: rate("completions_stop_rate", "stopped"),
  success: rate("success_rate", "verdict"),
  goodput: rate("goodput_rate", "good"),
  aborted: { ...counter("aborted_requests", "aborted"), unit: "count" },
});

export type MetricKey = keyof typeof METRICS;

/** What one request adds to a metric: a number, a boolean for a rate, or nothing. */
export function sampleOf(
  { of, factor }: Metric,
  m: DerivedMetrics | RequestMetrics,
): number | boolean | undefined {
  const value = of && sampleAt(of, m);
  return factor !== undefined && typeof value === "number" ? value * factor : value;
}
