// The figures of one run with their errors, from blocks of time.

import { type Estimate, FEWEST_REQUESTS, TOO_FEW } from "../../statistics/estimate.ts";
import { toQuantile } from "../../statistics/quantile.ts";
import { chooseWaves, toMean, toSumVariance, type Waves } from "../../statistics/slow-waves.ts";
import { toStudentT } from "../../statistics/student-t.ts";

/** Values of requests with the block in which each of them began. */
export interface BlockedValues {
  values: Float64Array;
  /** The block of each value, from 0. */
  blocks: Uint8Array;
  blockCount: number;
}

/** The errors of a percentile on both sides come from its 95 % interval. */
const CONFIDENCE = 0.95;

/** Chosen from the deviations from the mean: they show best how slowly a metric changes, also for its percentiles. */
export function chooseWavesOf({ values, blocks, blockCount }: BlockedValues): Waves {
  const mean = toMean(values);
  const sums = new Float64Array(blockCount);
  for (let at = 0; at < values.length; at += 1) {
    const block = blocks[at] as number;
    sums[block] = (sums[block] as number) + (values[at] as number) - mean;
  }
  return chooseWaves(sums);
}

/** @param waves of chooseWavesOf */
export function estimateMean({ values, blocks, blockCount }: BlockedValues, waves: Waves): Estimate {
  const mean = toMean(values);
  if (values.length < FEWEST_REQUESTS) return { value: mean, reason: TOO_FEW };
  const sums = new Float64Array(blockCount);
  for (let at = 0; at < values.length; at += 1) {
    const block = blocks[at] as number;
    sums[block] = (sums[block] as number) + (values[at] as number) - mean;
  }
  return toMeanEstimate(mean, sums, values.length, waves);
}

/**
 * The estimate of a mean whose deviations are already summed by block.
 * @param sums per block: sum of its values − mean · their number
 */
export function toMeanEstimate(mean: number, sums: ArrayLike<number>, count: number, waves: Waves): Estimate {
  if (!(mean > 0)) return { value: mean, reason: "a figure of 0 has no ratio" };
  const error = Math.sqrt(toSumVariance(sums, waves)) / count / mean;
  return { value: mean, error: { below: error, above: error, degrees: waves.count } };
}

/**
 * Woodruff's method: the error of the share of values at or below the percentile, from blocks, and the values at the
 * ends of that share's interval. No density has to be estimated. The interval is computed on the logit of the share, so
 * that it stays within 0…1.
 * @param sorted the same values, ascending
 * @param value the percentile as the summary has it
 */
export function estimateQuantile(
  { values, blocks, blockCount }: BlockedValues,
  sorted: Float64Array,
  share: number,
  value: number,
  waves: Waves,
): Estimate {
  const sums = new Float64Array(blockCount);
  for (let at = 0; at < values.length; at += 1) {
    const block = blocks[at] as number;
    sums[block] = (sums[block] as number) + ((values[at] as number) <= value ? 1 : 0) - share;
  }
  const quantile = (p: number) => toQuantile(sorted, p) as number;
  return toQuantileEstimate({ value, share, sums, count: values.length, waves, quantile });
}

/** The inputs of a percentile's estimate. */
export interface QuantileParts {
  value: number;
  share: number;
  /** Per block: values at or below the percentile − share · their number. */
  sums: ArrayLike<number>;
  /** Number of all values. */
  count: number;
  waves: Waves;
  quantile: (share: number) => number;
}

export function toQuantileEstimate(parts: QuantileParts): Estimate {
  const { value, share, sums, count, waves, quantile } = parts;
  if (!(value > 0)) return { value, reason: "a figure of 0 has no ratio" };
  if (count < FEWEST_REQUESTS) return { value, reason: TOO_FEW };
  const t = toStudentT(CONFIDENCE, waves.count);
  const logitError = Math.sqrt(toSumVariance(sums, waves)) / count / (share * (1 - share));
  const logit = Math.log(share / (1 - share));
  const toShare = (place: number) => 1 / (1 + Math.exp(-place));
  const [low, high] = [toShare(logit - t * logitError), toShare(logit + t * logitError)];
  // Nothing is known beyond the outermost value.
  if (low * count < 1 || (1 - high) * count < 1) return { value, reason: TOO_FEW };
  const [least, most] = [quantile(low), quantile(high)];
  if (!(least > 0)) return { value, reason: "its interval reaches down to 0, which has no ratio" };
  return {
    value,
    error: {
      below: Math.max(0, Math.log(value / least)) / t,
      above: Math.max(0, Math.log(most / value)) / t,
      degrees: waves.count,
    },
  };
}

/**
 * The estimate of a share of requests.
 * @param sums per block: requests that count − share · requests
 */
export function estimateShare(share: number, sums: ArrayLike<number>, count: number): Estimate {
  if (count < FEWEST_REQUESTS) return { value: share, reason: TOO_FEW };
  const waves = chooseWaves(sums);
  const variance = toSumVariance(sums, waves) / count ** 2;
  const independent = (share * (1 - share)) / count;
  // Failures that come in clusters carry less information than independent ones.
  const trials = variance > independent ? (count * independent) / variance : count;
  return { value: share, trials, error: { ...toBothSides(Math.sqrt(variance)), degrees: waves.count } };
}

/** The estimate of an amount per second. @param amounts per block */
export function estimateRate(value: number, amounts: ArrayLike<number>, requests: number): Estimate {
  if (requests < FEWEST_REQUESTS) return { value, reason: TOO_FEW };
  let total = 0;
  for (let block = 0; block < amounts.length; block += 1) total += amounts[block] as number;
  if (!(total > 0) || !(value > 0)) return { value, reason: "a figure of 0 has no ratio" };
  const waves = chooseWaves(amounts);
  const error = Math.sqrt(toSumVariance(amounts, waves)) / total;
  return { value, error: { ...toBothSides(error), degrees: waves.count } };
}

function toBothSides(error: number): { below: number; above: number } {
  return { below: error, above: error };
}
