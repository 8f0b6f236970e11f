// The distributions of the complete measured requests, and of their token gaps.
import { isWide } from "../../../lib/core/ends.ts";
import type { TrendKey } from "../../../lib/core/request/trends.ts";
import { toDigits } from "../../../lib/core/units.ts";
import { certified } from "../../statistics/certified-percentile.ts";
import type { Statistics } from "../../statistics/statistics.ts";
import type { GapCounts } from "../../summary/series/gap-counts.ts";
import type { Distribution, PercentileMark } from "../../summary/series/report-data.ts";
import { type SortedCounts, toSortedCounts } from "../../summary/series/sorted-counts.ts";
import type { Summary } from "../../summary/summary.ts";
import type { Tally } from "../../summary/tallies/tally.ts";
import { toCumulativeShares } from "./cumulative-shares.ts";
import { toBins } from "./distribution-bins.ts";

const OF_REQUESTS: readonly { key: Distribution["key"] & TrendKey; label: string }[] = [
  { key: "ttft", label: "Time to first token" },
  { key: "scheduledTtft", label: "Time to first token since the request was due" },
  { key: "tpot", label: "Time per output token" },
  { key: "e2e", label: "Whole request" },
];
const ITL_LABEL = "Gap between tokens";
/** ITL follows TPOT. */
const ORDER: readonly Distribution["key"][] = ["ttft", "scheduledTtft", "tpot", "itl", "e2e"];

/**
 * One distribution for each metric that the run has.
 * @param measured the measured requests
 * @param gaps the token gaps of the complete ones
 * @param summary the source of the percentiles that are marked
 */
export function toDistributions(
  measured: Tally,
  gaps: GapCounts,
  { metrics }: Pick<Summary, "metrics">,
): Distribution[] {
  const scratch = new Float64Array(measured.startMs.length);
  const found = OF_REQUESTS.flatMap(({ key, label }): Distribution[] => {
    const statistics = metrics[key];
    const values = measured.column(key).toArray(scratch);
    if (statistics === undefined || values.length === 0) return [];
    const sorted = toSortedCounts(values);
    return [toDistribution(key, label, sorted, toMarks(statistics, toCertified(values)))];
  });
  if (metrics.itl !== undefined && gaps.total > 0) {
    const marks = toGapMarks(metrics.itl, metrics.tpot?.count ?? 0);
    found.push(toDistribution("itl", ITL_LABEL, gaps.toSorted(), marks));
  }
  return found.sort((a, b) => ORDER.indexOf(a.key) - ORDER.indexOf(b.key));
}

function toDistribution(
  key: Distribution["key"],
  label: string,
  sorted: SortedCounts,
  marks: Distribution["marks"],
): Distribution {
  const { bins, isLog } = toBins(sorted);
  const cdf = toCumulativeShares(sorted);
  return { key, label, count: sorted.total, ...(isLog && { isLog }), bins, cdf, marks };
}

/** The percentiles of summary.json, so that chart and table show the same number. */
function toMarks(statistics: Statistics, certifiedOf: Statistics["certified"]): PercentileMark[] {
  const { median, p90, p95, p99, range } = statistics;
  const lowerOf = (name: PercentileMark["name"], upper: number) => {
    const lower = range?.lower[name === "p50" ? "median" : name];
    return lower !== undefined && isWide({ lower, upper }) ? { lowerMs: toDigits(lower, 9) } : {};
  };
  const mark = (name: PercentileMark["name"], ms: number, bound: number | undefined): PercentileMark => ({
    name,
    ms: toDigits(ms, 9),
    ...lowerOf(name, ms),
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
 * Gaps of one request depend on each other, so their percentiles cannot be certified: one that rests on fewer requests
 * than a certified percentile requires is marked uncertain.
 */
function toGapMarks(statistics: Statistics, requests: number): PercentileMark[] {
  const ranks = Float64Array.from({ length: requests }, (_, rank) => rank);
  const bounds = toCertified(ranks);
  return toMarks(statistics, bounds).map(({ certifiedMs: _, ...mark }) => mark);
}

/** @param sorted all values, ascending */
function toCertified(sorted: Float64Array): NonNullable<Statistics["certified"]> {
  const entries = (
    [
      ["p90", 0.9],
      ["p95", 0.95],
      ["p99", 0.99],
    ] as const
  ).map(([name, p]) => [name, certified(sorted, p)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
