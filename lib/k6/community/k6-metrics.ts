// The metrics as k6's own objects, for a k6 with the community extension: slower, and 6 KB per metric and client.
import { SharedArray } from "k6/data";
import { Counter, Rate, Trend } from "k6/metrics";
import type { LoadOptions } from "../../core/options/options.ts";
import type { K6Metric } from "../../core/request/k6-metrics.ts";
import { sampleOf } from "../../core/request/sample.ts";
import { loadPart } from "../parts.ts";
import type { AddMetrics } from "../request/metrics.ts";

interface Sink {
  add(value: number | boolean, tags: Record<string, string>): void;
}

function register({ k6Name, type, isTime }: K6Metric): Sink {
  if (type === "trend") return new Trend(k6Name, isTime);
  return type === "counter" ? new Counter(k6Name) : (new Rate(k6Name) as Sink);
}

/** For the init context. @param openLoop also the metrics about arrivals */
export function createK6Metrics({ itlSamples, slo }: LoadOptions, openLoop = false): AddMetrics {
  // One client reads the table of metrics for all: it would be a quarter of the code that each of them loads.
  const rows = [...new SharedArray<K6Metric>("k6 metrics", () => loadPart("prepare").toK6Metrics(openLoop))];
  const metrics = rows.filter(({ key }) => key !== "itl" && (key !== "goodput" || slo !== undefined));
  const sinks = metrics.map(register);
  const itl = itlSamples === "off" ? undefined : rows.find(({ key }) => key === "itl");
  const gaps = itl && register(itl);
  return (requestMetrics, gapsMs, tags) => {
    const tagged = { ...tags, verdict: requestMetrics.verdict };
    metrics.forEach((metric, index) => {
      const value = sampleOf(metric, requestMetrics);
      if (value !== undefined) sinks[index]?.add(value, tagged);
    });
    if (requestMetrics.verdict === "complete") for (const gap of gapsMs) gaps?.add(gap, tagged);
  };
}
