// Which rows of a dataset a run uses: a number of those that pass the filter, at random by a seed, or the first ones.
import { createRandom, sample } from "./random.ts";
import type { Row } from "./row.ts";
import type { FilterCounts, FilterRule } from "./row-filter.ts";

export interface Choice {
  nPrompts: number;
  order: "random" | "sequential";
  seed: number;
}

export interface ChosenRows {
  /** In the order in which the run uses them. */
  rows: Row[];
  /** How many failed which rule, of the rows that were looked at: all, where fewer than `nPrompts` passed. */
  failures: FilterCounts;
}

/**
 * Looks at rows one by one, in random order or the file's, until `nPrompts` have passed: the same as to filter all and
 * to draw from those that passed, without the cost of filtering a large file.
 * @param count rows in the file
 * @param read the row at an index, or the rule that it fails
 */
export function chooseRows(
  count: number,
  read: (index: number) => Row | FilterRule,
  { nPrompts, order, seed }: Choice,
): ChosenRows {
  const indices = Array.from({ length: count }, (_, index) => index);
  const rows: Row[] = [];
  const failures: FilterCounts = {};
  for (const index of order === "random" ? sample(indices, count, createRandom(seed)) : indices) {
    if (rows.length === nPrompts) break;
    const row = read(index);
    if (typeof row === "string") failures[row] = (failures[row] ?? 0) + 1;
    else rows.push(row);
  }
  return { rows, failures };
}
