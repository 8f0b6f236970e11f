// The quantile in the one definition that every figure uses, and the one rule that differs from it.

/**
 * The quantile at `share` (0.95 for p95) of `count` values, by linear interpolation at share·(n−1), as k6 does: type 7 of
 * Hyndman and Fan (1996), "Sample quantiles in statistical packages".
 * @param count at least 1
 * @param atRank the value at a rank, counted from 0 in ascending order
 */
export function interpolateQuantile(count: number, share: number, atRank: (rank: number) => number): number {
  const position = share * (count - 1);
  const rank = Math.floor(position);
  const low = atRank(rank);
  return position === rank ? low : low + (atRank(rank + 1) - low) * (position - rank);
}

/** The same of values in ascending order; undefined for none. */
export function toQuantile(sorted: ArrayLike<number>, share: number): number | undefined {
  if (sorted.length === 0) return undefined;
  return interpolateQuantile(sorted.length, share, (rank) => sorted[rank] as number);
}

/** The median of values in any order; undefined for none. */
export function toMedian(values: ArrayLike<number>): number | undefined {
  return toQuantile(Float64Array.from(values).sort(), 0.5);
}

/**
 * The value at index ⌊share·n⌋ of values in ascending order; undefined for none.
 *
 * Not a figure that people see but a limit that code judges by (when an open loop has filled, how long a usual step is):
 * it has to be one of the values, and an interpolated one would move those limits.
 * @param share below 1
 */
export function toUpperQuantile(sorted: ArrayLike<number>, share: number): number | undefined {
  return sorted[Math.floor(share * sorted.length)];
}
