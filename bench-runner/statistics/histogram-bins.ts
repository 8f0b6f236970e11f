// The distribution of values in a few numbers: logarithmic bins that cover all values. Pure.

export interface Histogram {
  /**
   * From, to, and the number of values between: a bin includes `from` and excludes `to`, the last one includes both.
   * The widths grow by a constant factor (they are equal if a value is 0 or below).
   */
  bins: [fromMs: number, toMs: number, count: number][];
}

const MOST_BINS = 20;

/** @returns undefined without values */
export function toHistogram(values: Float64Array): Histogram | undefined {
  if (values.length === 0) return undefined;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  // Counting loops: there are millions of values.
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] as number;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const edges = toEdges(min, max, values.length);
  const counts = new Array<number>(edges.length - 1).fill(0);
  for (let index = 0; index < values.length; index += 1) {
    const bin = findBin(edges, values[index] as number);
    counts[bin] = (counts[bin] as number) + 1;
  }
  return { bins: counts.map((count, bin) => [edges[bin] as number, edges[bin + 1] as number, count]) };
}

/** Rice's rule, 2·∛n bins: few values in many bins would look like a comb. */
function toEdges(min: number, max: number, count: number): number[] {
  const bins = Math.min(MOST_BINS, Math.ceil(2 * Math.cbrt(count)));
  const at = (share: number) => (min > 0 ? min * (max / min) ** share : min + (max - min) * share);
  const edges = [min, ...Array.from({ length: bins - 1 }, (_, index) => at((index + 1) / bins)), max];
  // Values that differ only in their last digits leave no room for edges between them.
  return edges.every((edge, index) => index === 0 || edge > (edges[index - 1] as number))
    ? edges
    : [min, max];
}

/** The last bin that begins at or below the value; the largest value is in the last one. */
function findBin(edges: number[], value: number): number {
  let low = 0;
  let high = edges.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((edges[middle] as number) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
