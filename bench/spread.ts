// The middle and the range of a few repeated measurements.

export interface Spread {
  median: number;
  least: number;
  most: number;
  values: number[];
}

/** @param values one of each repeat, at least one */
export function toSpread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (index: number) => sorted[index] as number;
  const middle = (sorted.length - 1) / 2;
  return {
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    least: at(0),
    most: at(sorted.length - 1),
    values: [...values],
  };
}
