// Statistics of plain arrays by libraries that the summary does not use, for verify-summary.ts.
import { createRequire } from "node:module";
import { max, mean, min, sampleStandardDeviation } from "simple-statistics";

/** The part of jStat that is used here; it comes without types. */
interface JStat {
  quantiles(values: readonly number[], shares: readonly number[], alpha: number, beta: number): number[];
  binomial: { cdf(successes: number, trials: number, share: number): number };
}
const { jStat } = createRequire(import.meta.url)("jstat") as { jStat: JStat };

const PERCENTILES = { median: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 } as const;

/**
 * Puts count, min, mean, max, deviation of the sample and percentiles under `path` into `found`; nothing for no values.
 *
 * jStat's quantiles with α = β = 1 lie at p·(n−1). (Those of its `percentile` do not: it is constant above the last but one value.)
 */
export function putStatistics(found: Record<string, number>, path: string, values: readonly number[]): void {
  if (values.length === 0) return;
  const own = [...values];
  found[`${path}.count`] = own.length;
  found[`${path}.min`] = min(own);
  found[`${path}.mean`] = mean(own);
  found[`${path}.max`] = max(own);
  if (own.length > 1) found[`${path}.standardDeviation`] = sampleStandardDeviation(own);
  const shares = Object.values(PERCENTILES);
  // Every percentile of a single value is that value; jStat returns none.
  const quantiles = own.length === 1 ? shares.map(() => own[0]) : jStat.quantiles(own, shares, 1, 1);
  for (const [index, key] of Object.keys(PERCENTILES).entries())
    found[`${path}.${key}`] = quantiles[index] as number;
}

/** Puts the certified percentiles: the smallest of the t largest values, with t from the binomial distribution itself. */
export function putCertified(found: Record<string, number>, path: string, values: readonly number[]): void {
  const descending = values.toSorted((a, b) => b - a);
  for (const [key, share] of Object.entries(PERCENTILES)) {
    if (key === "median") continue;
    let t = 0;
    while (t < values.length && jStat.binomial.cdf(t + 1, values.length, 1 - share) <= 0.01) t += 1;
    if (t > 0) found[`${path}.certified.${key}`] = descending[t - 1] as number;
  }
}
