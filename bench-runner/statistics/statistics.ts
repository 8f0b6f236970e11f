// Exact statistics of one metric: moments, interpolated quantiles, certified percentiles.
import { WIDE } from "../../lib/core/ends.ts";
import { certified } from "./certified-percentile.ts";
import { toQuantile } from "./quantile.ts";

export interface Statistics {
  count: number;
  min: number;
  mean: number;
  max: number;
  /** The sample standard deviation (n − 1); absent below 2 values. */
  standardDeviation?: number;
  median: number;
  p90: number;
  p95: number;
  p99: number;
  /** Upper bounds of the true percentiles at 99 % confidence; absent with too few values. */
  certified?: { p90?: number; p95?: number; p99?: number };
  /**
   * Only where some values are known only as ranges: the same statistics with each of those values at its lower end, and at
   * its upper end. The true ones lie between. One of the two is what the statistics themselves are: the upper end of times,
   * the lower end of rates. What has no limit is absent, and the standard deviation is too: neither end bounds it.
   */
  range?: { lower: EndStatistics; upper: EndStatistics };
}

/** The statistics that are one number each. */
export type StatisticField = Exclude<keyof Statistics, "certified" | "range">;

export type EndStatistics = Partial<Omit<Statistics, "count" | "standardDeviation" | "range">>;

/**
 * Statistics of `values`, which are sorted in place; undefined for none.
 *
 * Quantiles as in quantile.ts.
 * @param withCertified also the certified percentiles
 */
export function toStatistics(values: Float64Array, withCertified = false): Statistics | undefined {
  return toSortedStatistics(values.sort(), withCertified);
}

/** The same for values in ascending order. */
export function toSortedStatistics(sorted: Float64Array, withCertified = false): Statistics | undefined {
  if (sorted.length === 0) return undefined;
  const quantile = (share: number) => toQuantile(sorted, share) as number;
  const { mean, standardDeviation } = toMoments(sorted);
  const statistics: Statistics = {
    count: sorted.length,
    min: sorted[0] as number,
    mean,
    max: sorted[sorted.length - 1] as number,
    ...(standardDeviation !== undefined && { standardDeviation }),
    median: quantile(0.5),
    p90: quantile(0.9),
    p95: quantile(0.95),
    p99: quantile(0.99),
  };
  if (!withCertified) return statistics;
  const bounds = { p90: certified(sorted, 0.9), p95: certified(sorted, 0.95), p99: certified(sorted, 0.99) };
  const known = Object.entries(bounds).filter(([, value]) => value !== undefined);
  return { ...statistics, certified: Object.fromEntries(known) };
}

/** Two passes: squares of differences from the mean keep the digits of large values. */
function toMoments(values: Float64Array): { mean: number; standardDeviation?: number } {
  // Counting loops: an iterator costs several times as much as the addition, for millions of values in dozens of metrics.
  let sum = 0;
  for (let index = 0; index < values.length; index += 1) sum += values[index] as number;
  const mean = sum / values.length;
  if (values.length < 2) return { mean };
  let squares = 0;
  for (let index = 0; index < values.length; index += 1) {
    const difference = (values[index] as number) - mean;
    squares += difference * difference;
  }
  return { mean, standardDeviation: Math.sqrt(squares / (values.length - 1)) };
}

/** What the deviation of equal values can be by rounding, relative to their mean. */
const ROUNDING = 1e-12;

/**
 * The statistics with the ends of their values.
 * @param own of the values as they are
 * @param other of the same values, each that is known only as a range at its other end
 */
export function withRange(own: Statistics, other: Statistics): Statistics {
  if (own.mean === other.mean) return own;
  const isUpper = other.mean < own.mean;
  const [ownEnds, otherEnds] = [toEnds(own), toEnds(other)];
  const range = isUpper ? { lower: otherEnds, upper: ownEnds } : { lower: ownEnds, upper: otherEnds };
  const { standardDeviation: deviation, ...rest } = own;
  const [a = 0, b = 0] = [deviation, other.standardDeviation];
  const nearly = Math.max(WIDE * Math.max(a, b), ROUNDING * Math.abs(own.mean));
  const isKnown = deviation !== undefined && Math.abs(a - b) <= nearly;
  return { ...rest, ...(isKnown && { standardDeviation: deviation }), range };
}

/** Without a limit a statistic is absent. */
function toEnds({
  count: _,
  standardDeviation: __,
  range: ___,
  certified,
  ...values
}: Statistics): EndStatistics {
  const finite = (numbers: object) =>
    Object.fromEntries(Object.entries(numbers).filter(([, value]) => Number.isFinite(value)));
  return { ...finite(values), ...(certified && { certified: finite(certified) }) };
}
