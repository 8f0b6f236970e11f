// Median, p95 and largest value of each interval, exact within the interval.
import { quantileSorted } from "d3-array";
import { toDigits } from "../../lib/core/units.ts";
import type { ValueColumn } from "../value-column.ts";
import type { Band } from "./report-data.ts";
import { type TimeGrid, toInterval } from "./time-grid.ts";

/**
 * Quantiles by linear interpolation at p·(n−1), as everywhere; null where an interval has no value.
 * @param atMs the moment of each row, which decides on its interval
 * @param isKept which rows, by number; all without it
 */
export function toBand(grid: TimeGrid, atMs: ValueColumn, values: ValueColumn, isKept?: Uint8Array): Band {
  const { ends, sorted } = sortByInterval(grid, atMs, values, isKept);
  const band: Band = { p50: [], p95: [], max: [] };
  let start = 0;
  for (const end of ends) {
    const inside = sorted.subarray(start, end).sort() as unknown as number[];
    const at = (p: number) => (end === start ? null : toDigits(quantileSorted(inside, p) as number, 9));
    band.p50.push(at(0.5));
    band.p95.push(at(0.95));
    band.max.push(at(1));
    start = end;
  }
  return band;
}

/** The values interval after interval in one array, and where each interval ends in it. */
function sortByInterval(
  grid: TimeGrid,
  atMs: ValueColumn,
  values: ValueColumn,
  isKept: Uint8Array | undefined,
): { ends: Uint32Array; sorted: Float64Array } {
  const rows = atMs.length;
  const intervalOf = (row: number) => toInterval(grid, atMs.get(row) as number);
  const isThere = (row: number) => (isKept?.[row] ?? 1) === 1 && values.get(row) !== undefined;
  const ends = new Uint32Array(grid.count);
  for (let row = 0; row < rows; row += 1) {
    if (isThere(row)) ends[intervalOf(row)] = (ends[intervalOf(row)] as number) + 1;
  }
  const next = new Uint32Array(grid.count);
  let total = 0;
  for (const [interval, count] of ends.entries()) {
    next[interval] = total;
    total += count;
    ends[interval] = total;
  }
  const sorted = new Float64Array(total);
  for (let row = 0; row < rows; row += 1) {
    if (!isThere(row)) continue;
    const interval = intervalOf(row);
    sorted[next[interval] as number] = values.get(row) as number;
    next[interval] = (next[interval] as number) + 1;
  }
  return { ends, sorted };
}
