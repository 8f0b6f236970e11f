// The metrics as k6's own objects, for a k6 with the community extension: slower, and 6 KB each in every client.
import { Counter, Rate, Trend } from "k6/metrics";
import { type Metric, sampleOf } from "../core/metric-table.ts";
import type { AddMetrics } from "./metrics.ts";

function register({ k6Name, type, isTime }: Metric): {
  add(value: number | boolean, tags: Record<string, string>): void;
} {
  if (type === "trend") return new Trend(k6Name, isTime === true);
  return type === "counter" ? new Counter(k6Name) : (new Rate(k6Name) as ReturnType<typeof register>);
}

/** For the init context. */
export function k6Metrics(metrics: readonly Metric[], itl: Metric): AddMetrics {
  const sinks = metrics.map(register);
  const gaps = register(itl);
  return (requestMetrics, gapsMs, tags) => {
    const tagged = { ...tags, verdict: requestMetrics.verdict };
    metrics.forEach((metric, index) => {
      const value = sampleOf(metric, requestMetrics);
      if (value !== undefined) sinks[index]?.add(value, tagged);
    });
    if (requestMetrics.verdict === "complete") for (const gap of gapsMs) gaps.add(gap, tagged);
  };
}
