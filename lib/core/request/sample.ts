// What one request adds to a metric. Apart from the table of metrics, which not every k6 client loads.
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
