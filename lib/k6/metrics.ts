// The metrics of a scenario in k6, from the table.
import { Counter, Rate, Trend } from "k6/metrics";
import { METRICS, type Metric, sampleOf } from "../core/metric-table.ts";
import type { RequestMetrics } from "../core/request-metrics.ts";
import { IS_COARSE } from "./stream.ts";

/** The Trend of the gaps between tokens. */
export const ITL_METRIC = METRICS.itl.k6Name as string;

export interface ScenarioMetrics {
  /** Adds a finished request's samples, each with the tags and its verdict; gaps only of a complete stream. */
  add(metrics: RequestMetrics, gapsMs: readonly number[], tags: Record<string, string>): void;
}

function register({ k6Name, type, isTime }: Metric): Trend | Counter | Rate | undefined {
  if (k6Name === undefined) return undefined;
  if (type === "trend") return new Trend(k6Name, isTime === true);
  return type === "counter" ? new Counter(k6Name) : new Rate(k6Name);
}

/** Metrics that only a schedule of arrivals has. */
const OPEN_LOOP: string[] = [METRICS.scheduleDelay, METRICS.scheduledTtft].map(
  (metric) => metric.k6Name as string,
);

/**
 * Registers the metrics of a scenario; for the init context. Each takes 6 KB of every client, so those that cannot
 * have samples are left out.
 */
export function registerMetrics({ openLoop }: { openLoop: boolean }): ScenarioMetrics {
  const registered = Object.values<Metric>(METRICS).flatMap((metric) => {
    if ((metric.fromGo && !IS_COARSE) || (!openLoop && OPEN_LOOP.includes(metric.k6Name ?? ""))) return [];
    const sink = register(metric);
    return sink === undefined
      ? []
      : [{ metric, sink: sink as { add(value: number | boolean, tags: object): void } }];
  });
  const itl = registered.find(({ metric }) => metric.k6Name === ITL_METRIC);
  return {
    add(metrics, gapsMs, tags) {
      const tagged = { ...tags, verdict: metrics.verdict };
      for (const { metric, sink } of registered) {
        const value = sampleOf(metric, metrics);
        if (value !== undefined) sink.add(value, tagged);
      }
      if (metrics.verdict === "complete") for (const gap of gapsMs) itl?.sink.add(gap, tagged);
    },
  };
}
