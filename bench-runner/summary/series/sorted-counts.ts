// Values in ascending order with how often each occurred: the input of distributions.

export interface SortedCounts {
  /** Ascending. */
  values: Float64Array;
  /** How often each value occurred; absent if each occurred once. */
  counts?: Float64Array;
  /** The sum of the counts. */
  total: number;
}

/** @param values sorted in place */
export function toSortedCounts(values: Float64Array): SortedCounts {
  return { values: values.sort(), total: values.length };
}

/** Each distinct value in ascending order. */
export function forEachCount(
  { values, counts }: SortedCounts,
  visit: (value: number, count: number) => void,
): void {
  let [index, count] = [0, 0];
  while (index < values.length) {
    const value = values[index] as number;
    for (count = 0; values[index] === value; index += 1)
      count += counts === undefined ? 1 : (counts[index] as number);
    visit(value, count);
  }
}
