// The metrics of a scenario in k6, from the table.
import sse from "k6/x/sse";
import { METRICS, type Metric, sampleOf } from "../core/metric-table.ts";
import type { RequestMetrics } from "../core/request-metrics.ts";
import { loadPart } from "./parts.ts";
import { toUserPath } from "./user-path.ts";

/** Adds a finished request's samples, each with the tags and its verdict; gaps only of a complete stream. */
export type AddMetrics = (
  metrics: RequestMetrics,
  gapsMs: readonly number[],
  tags: Record<string, string>,
) => void;

/**
 * Registers the metrics of a scenario, those of a schedule of arrivals only for an open loop, and opens the journal
 * that the environment names; for the init context.
 */
export function registerMetrics({ openLoop }: { openLoop: boolean }): AddMetrics {
  const { itl, scheduleDelay, scheduledTtft, ...closedLoop } = METRICS;
  const metrics: Metric[] = Object.values(
    openLoop ? { ...closedLoop, scheduleDelay, scheduledTtft } : closedLoop,
  );
  const { configure, samples } = sse;
  if (configure === undefined || samples === undefined)
    return loadPart("open-stream").k6Metrics(metrics, itl);

  const journal = __ENV.SERVER_BENCH_JOURNAL;
  configure({
    itlMetric: itl.k6Name,
    metrics: metrics.map(({ k6Name, type, isTime }) => ({ name: k6Name, type, isTime: isTime === true })),
    ...(journal && { journal: toUserPath(journal) }),
  });
  return (requestMetrics, _, tags) => {
    samples(
      metrics.map((metric) => sampleOf(metric, requestMetrics)),
      { ...tags, verdict: requestMetrics.verdict },
    );
  };
}
