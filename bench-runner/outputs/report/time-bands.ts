// Median, p95 and largest value of each interval, exact within the interval; single values where it holds few.
import type { TrendKey } from "../../../lib/core/request/trends.ts";
import { toDigits } from "../../../lib/core/units.ts";
import { toQuantile } from "../../statistics/quantile.ts";
import type { Band } from "../../summary/series/report-data.ts";
import { ENOUGH_REQUESTS, type TimeGrid, toInterval } from "../../summary/series/time-grid.ts";
import type { Tally } from "../../summary/tallies/tally.ts";

/** A share of the intervals with values: where more than this have few, few is the rule. */
const MOST_FEW = 0.25;
/** More dots than this hide each other. */
const MOST_SINGLE = 2000;

/**
 * The values of complete requests, by the interval in which each started; single ones where an interval has few.
 * @param tallies the tallies whose requests are combined
 */
export function toBand(grid: TimeGrid, tallies: readonly Tally[], key: TrendKey): Band {
  const { ends, sorted } = sortByInterval(grid, tallies, key);
  const band: Band = { p50: [], p95: [], max: [], single: [] };
  const isFew = findFew(ends);
  for (const [index, end] of ends.entries()) {
    const inside = sorted.subarray(ends[index - 1] ?? 0, end).sort();
    const at = (share: number) => (isFew[index] ? null : toDigits(toQuantile(inside, share) as number, 9));
    band.p50.push(at(0.5));
    band.p95.push(at(0.95));
    band.max.push(at(1));
  }
  visitValues(tallies, key, (startMs, value) => {
    if (!isFew[toInterval(grid, startMs)]) return;
    band.single.push([toDigits((startMs - grid.originMs) / 1000, 6), toDigits(value, 9)]);
  });
  band.single.sort(([a], [b]) => a - b);
  return band;
}

/** Whether each interval has too few values; all have where a line between the others would be torn to pieces. */
function findFew(ends: Uint32Array): boolean[] {
  const counts = Array.from(ends, (end, index) => end - (ends[index - 1] ?? 0));
  const few = counts.map((count) => count < ENOUGH_REQUESTS);
  const torn = counts.filter((count) => count > 0 && count < ENOUGH_REQUESTS).length;
  const isTorn = torn > MOST_FEW * counts.filter((count) => count > 0).length;
  return isTorn && (ends.at(-1) ?? 0) <= MOST_SINGLE ? counts.map(() => true) : few;
}

function visitValues(
  tallies: readonly Tally[],
  key: TrendKey,
  visit: (startMs: number, value: number) => void,
): void {
  for (const tally of tallies) {
    const [startMs, values] = [tally.startMs, tally.column(key)];
    for (let row = 0; row < startMs.length; row += 1) {
      const value = values.get(row);
      if (value !== undefined) visit(startMs.get(row) as number, value);
    }
  }
}

/** The values of all intervals in one array, and the end of each interval in it. */
function sortByInterval(
  grid: TimeGrid,
  tallies: readonly Tally[],
  key: TrendKey,
): { ends: Uint32Array; sorted: Float64Array } {
  const ends = new Uint32Array(grid.count);
  visitValues(tallies, key, (startMs) => {
    const interval = toInterval(grid, startMs);
    ends[interval] = (ends[interval] as number) + 1;
  });
  const next = new Uint32Array(grid.count);
  let total = 0;
  for (const [interval, count] of ends.entries()) {
    next[interval] = total;
    total += count;
    ends[interval] = total;
  }
  const sorted = new Float64Array(total);
  visitValues(tallies, key, (startMs, value) => {
    const interval = toInterval(grid, startMs);
    sorted[next[interval] as number] = value;
    next[interval] = (next[interval] as number) + 1;
  });
  return { ends, sorted };
}
