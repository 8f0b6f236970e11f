// MLPerf LoadGen's early-stopping estimate: an order statistic that the true percentile does not exceed.

const CONFIDENCE = 0.99;

/**
 * The certified p-th percentile at 99 % confidence, tolerance 0; undefined for too few values
 * (below 64 for p90, 662 for p99).
 *
 * It is the t-th largest value, with t the largest integer ≥ 1 for which P(Binomial(n, 1 − p) ≤ t) ≤ 0.01: if the true
 * percentile were above it, no more than t values above the percentile would occur in at most 1 % of all runs.
 * @param sortedAscending all values
 * @param p the percentile as a share: 0.9 for p90
 */
export function certified(sortedAscending: Float64Array, p: number): number | undefined {
  const t = toRank(sortedAscending.length, p);
  return t === undefined ? undefined : sortedAscending[sortedAscending.length - t];
}

/** The t of `certified`. The sum is computed in log space: at n = 10⁶ its first terms underflow a double. */
export function toRank(n: number, p: number): number | undefined {
  const limit = Math.log(1 - CONFIDENCE);
  const logOdds = Math.log(1 - p) - Math.log(p);
  let logTerm = n * Math.log(p);
  let logSum = logTerm;
  let rank: number | undefined;
  for (let k = 1; k <= n; k += 1) {
    logTerm += Math.log((n - k + 1) / k) + logOdds;
    const [high, low] = logSum > logTerm ? [logSum, logTerm] : [logTerm, logSum];
    logSum = high + Math.log1p(Math.exp(low - high));
    if (logSum > limit) break;
    rank = k;
  }
  return rank;
}
