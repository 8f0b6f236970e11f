// Sides of a comparison with plain numbers, for tests.

import { toIdentity } from "../../../bench-runner/decide/compare/identity.ts";
import type { Side } from "../../../bench-runner/decide/compare/side.ts";
import type { Statistics } from "../../../bench-runner/statistics/statistics.ts";
import type { Summary } from "../../../bench-runner/summary/summary.ts";
import { exampleSummary } from "./example-summary.ts";

/** All percentiles follow from the median. */
export function exampleStatistics(median: number): Statistics {
  const of = (factor: number) => median * factor;
  return {
    ...{ count: 100, min: of(0.5), mean: of(1.1), max: of(3), median },
    ...{ standardDeviation: of(0.3), p90: of(1.8), p95: of(2), p99: of(2.5) },
  };
}

/** Repeats whose TTFT has these medians, ms; one run where there is one. */
export function exampleSide(medians: readonly number[], more: Partial<Summary> = {}): Side {
  const summary = exampleSummary(more);
  return {
    schema: "server-bench/baseline/1",
    name: summary.run.name,
    serverBench: "0.1.0",
    identity: toIdentity(summary, {}),
    runs: medians.map((median) => ({
      ...{ name: summary.run.name, start: summary.run.start, measured: 100, doubts: [] },
      figures: {
        metrics: { ttft: exampleStatistics(median) },
        rates: summary.rates,
        requests: summary.requests,
        ...(summary.throughput && { throughput: summary.throughput }),
        ...(summary.goodput && { goodput: summary.goodput }),
      },
    })),
    curves: { ttft: Array.from({ length: 103 }, (_, at) => at) },
    notes: [],
  };
}
