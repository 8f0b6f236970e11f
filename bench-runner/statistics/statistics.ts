// Exact statistics of one metric: moments, interpolated quantiles, certified percentiles.
import { certified } from "./certified-percentile.ts";
import { toQuantile } from "./quantile.ts";

export interface Statistics {
  count: number;
  min: number;
  mean: number;
  max: number;
  /** Of the sample (n − 1); absent below 2 values. */
  standardDeviation?: number;
  median: number;
  p90: number;
  p95: number;
  p99: number;
  /** What the true percentile does not exceed, at 99 % confidence; absent where there are too few values. */
  certified?: { p90?: number; p95?: number; p99?: number };
}

/**
 * Statistics of `values`, which are sorted in place; undefined for none.
 *
 * Quantiles as in quantile.ts.
 * @param withCertified also the certified percentiles
 */
export function toStatistics(values: Float64Array, withCertified = false): Statistics | undefined {
  return toSortedStatistics(values.sort(), withCertified);
}

/** The same of values that are in ascending order. */
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

/** Two passes: the squares are of differences from the mean, so that large values lose no digits. */
function toMoments(values: Float64Array): { mean: number; standardDeviation?: number } {
  // Counting loops: an iterator costs several times the addition, and there are millions of values in dozens of metrics.
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
