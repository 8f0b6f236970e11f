// The CDF as few points: even in rank, denser towards the largest values, which matter most to readers.
import { toDigits } from "../../../lib/core/units.ts";
import { forEachCount, type SortedCounts } from "../../summary/series/sorted-counts.ts";

const EVEN_POINTS = 300;
const TAIL_POINTS = 90;

export const MOST_SHARES = EVEN_POINTS + TAIL_POINTS + 2;

/** [value, share of values at or below it]: exact points, including the smallest and the largest value. */
export function toCumulativeShares(sorted: SortedCounts): [value: number, share: number][] {
  const points: [number, number][] = [];
  const ranks = chooseRanks(sorted.total);
  let [wanted, below] = [0, 0];
  forEachCount(sorted, (value, count) => {
    below += count;
    if (below <= (ranks[wanted] ?? Number.POSITIVE_INFINITY)) return;
    while (below > (ranks[wanted] ?? Number.POSITIVE_INFINITY)) wanted += 1;
    const point: [number, number] = [toDigits(value, 9), below / sorted.total];
    // A repeated value has the larger share.
    if (points.at(-1)?.[0] === point[0]) points.pop();
    points.push(point);
  });
  return points;
}

/** The order statistics to show, counted from 0 and ascending: all of them if they are few. */
function chooseRanks(total: number): number[] {
  if (total <= EVEN_POINTS) return Array.from({ length: total }, (_, rank) => rank);
  const ranks = new Set<number>([0, total - 1]);
  for (let point = 0; point < EVEN_POINTS; point += 1) {
    ranks.add(Math.floor((point * total) / EVEN_POINTS));
  }
  for (let point = 0; point < TAIL_POINTS; point += 1) {
    ranks.add(total - Math.round(total ** (point / TAIL_POINTS)));
  }
  return [...ranks].sort((a, b) => a - b);
}
