// Which metrics a scenario has, and their registration with the extension; done by one client for all.
import sse from "k6/x/sse";
import type { LoadOptions } from "../../core/options/options.ts";
import type { Dialect } from "../../core/request/dialect.ts";
import { K6_METRICS, type K6Metric } from "../../core/request/k6-metrics.ts";
import type { MetricKey } from "../../core/request/metrics.ts";
import type { SampleKey } from "../../core/request/sample.ts";
import { toUserPath } from "./user-path.ts";

/** The Trend of the gaps between tokens. */
const ITL = K6_METRICS.find(({ key }) => key === "itl") as K6Metric;

/** k6 keeps 8 bytes for each sample of a Trend until the end of a run, and sorts them all. */
const MOST_GAPS = 5e6;

/** All metrics that a scenario adds samples to: those about arrivals only in an open loop, goodput only with objectives. */
export function scenarioMetrics({ openLoop, hasSlos }: { openLoop: boolean; hasSlos: boolean }): K6Metric[] {
  const absent: MetricKey[] = [
    ...(openLoop ? [] : (["scheduleDelay", "scheduledTtft"] as const)),
    ...(hasSlos ? [] : (["goodput"] as const)),
  ];
  return K6_METRICS.filter(({ key, of }) => of !== undefined && !absent.includes(key));
}

/** The same with goodput and the gaps between tokens, for clients that register them as k6's own objects. */
export function toK6Metrics(openLoop: boolean): K6Metric[] {
  return [...scenarioMetrics({ openLoop, hasSlos: true }), ITL];
}

/**
 * Registers the metrics and the dialects and opens the journal that the environment names; does nothing in a k6 with the
 * community extension.
 * @param isOpen the load is an open loop, whose clients stand for nobody: connections are those of the process
 * @param keepIdle seconds to which pauses without a running request are shortened
 * @returns the key of each metric's value, in the order in which `sse.samples` takes them
 */
export function configureExtension(
  metrics: readonly K6Metric[],
  load: LoadOptions,
  dialects: Readonly<Record<string, Dialect>>,
  isOpen: boolean,
  keepIdle?: number,
): SampleKey[] {
  const journal = __ENV.SERVER_BENCH_JOURNAL;
  sse.configure?.({
    ...(load.itlSamples !== "off" && { itlMetric: ITL.k6Name }),
    ...(load.itlSamples === "auto" && { itlLimit: { tokens: MOST_GAPS, perRequest: load.maxTokens } }),
    metrics: metrics.map(({ k6Name: name, type, isTime, factor }) => ({
      name,
      type,
      isTime,
      factor,
    })),
    dialects,
    ...((load.connections ?? (isOpen ? "shared" : "own")) === "shared" && { shareConnections: true }),
    ...(isOpen && keepIdle !== undefined && { keepIdle }),
    ...(journal && { journal: toUserPath(journal) }),
  });
  return metrics.map(({ of }) => of as SampleKey);
}
