// The median and the range of a few repeated measurements.
import { toMedian } from "../bench-runner/statistics/quantile.ts";

export interface Spread {
  median: number;
  least: number;
  most: number;
  values: number[];
}

/** @param values one of each repeat, at least one */
export function toSpread(values: readonly number[]): Spread {
  return {
    median: toMedian(values) as number,
    least: Math.min(...values),
    most: Math.max(...values),
    values: [...values],
  };
}
