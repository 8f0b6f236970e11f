// The percentiles that a distribution's chart marks, each with what certifies it.

import { toDigits } from "../../../lib/core/units.ts";
import { certified } from "../../statistics/certified-percentile.ts";
import type { Statistics } from "../../statistics/statistics.ts";
import type { PercentileMark } from "../../summary/series/report-data.ts";

/** Those of summary.json, so that chart and table show the same number. */
export function toMarks(statistics: Statistics, certifiedOf: Statistics["certified"]): PercentileMark[] {
  const { median, p90, p95, p99 } = statistics;
  const mark = (name: PercentileMark["name"], ms: number, bound: number | undefined): PercentileMark => ({
    name,
    ms: toDigits(ms, 9),
    isUncertain: name !== "p50" && bound === undefined,
    ...(bound !== undefined && { certifiedMs: toDigits(bound, 9) }),
  });
  return [
    mark("p50", median, undefined),
    mark("p90", p90, certifiedOf?.p90),
    mark("p95", p95, certifiedOf?.p95),
    mark("p99", p99, certifiedOf?.p99),
  ];
}

/**
 * Gaps of one request depend on each other, so nothing certifies their percentiles: uncertain is what rests on fewer
 * requests than a certified percentile would take.
 */
export function toGapMarks(statistics: Statistics, requests: number): PercentileMark[] {
  const ranks = Float64Array.from({ length: requests }, (_, rank) => rank);
  const bounds = toCertified(ranks);
  return toMarks(statistics, bounds).map(({ certifiedMs: _, ...mark }) => mark);
}

/** @param sorted all values, ascending */
export function toCertified(sorted: Float64Array): NonNullable<Statistics["certified"]> {
  const entries = (
    [
      ["p90", 0.9],
      ["p95", 0.95],
      ["p99", 0.99],
    ] as const
  ).map(([name, p]) => [name, certified(sorted, p)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
