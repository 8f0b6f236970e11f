// What one request adds to a metric. Not in k6-metrics.ts, whose table is not loaded by every client of k6.
import type { DerivedMetrics, RequestMetrics } from "./request-metrics.ts";

/** A value of RequestMetrics; "verdict" stands for whether the request was complete. */
export type SampleKey = keyof RequestMetrics;

/**
 * The value at a key: of complete requests only, so that failures are counted beside the latencies, never among them.
 * "aborted" is for those that are left, "good" for all that can be judged. At "verdict" every request counts but those that we or the end of the run stopped.
 */
export function sampleAt(key: SampleKey, m: DerivedMetrics | RequestMetrics): number | boolean | undefined {
  const complete = m.verdict === "complete";
  if (key === "aborted") return m.aborted;
  if (key === "good") return m.good;
  if (key !== "verdict") return complete ? m[key] : undefined;
  return m.verdict === "aborted" || m.verdict === "interrupted" ? undefined : complete;
}

/** What one request adds to a metric: a number, a boolean for a rate, or nothing. */
export function sampleOf(
  { of, factor }: { of?: SampleKey; factor: number },
  m: DerivedMetrics | RequestMetrics,
): number | boolean | undefined {
  const value = of && sampleAt(of, m);
  return typeof value === "number" ? value * factor : value;
}
