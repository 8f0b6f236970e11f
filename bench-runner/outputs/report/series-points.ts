// Thins samples over time to as many points as a chart can show: the smallest and the largest value of each stretch.
import { toDigits } from "../../../lib/core/units.ts";
import type { SampledSeries } from "../../summary/series/report-data.ts";

type Point = SampledSeries["points"][number];

/** Samples up to this long before and after the load are part of the chart. */
const MARGIN_SECONDS = 2;
export const MOST_POINTS = 600;

/** The load's start and end on the wall clock. */
export interface LoadSpan {
  startUnixMs: number;
  endUnixMs: number;
}

/**
 * Seconds since the load began, ascending. More than 600 points are divided into 300 stretches of equally many samples, of
 * which the smallest and the largest value stay.
 * @param samples in order; those without a value are left out
 */
export function toPoints(
  samples: Iterable<readonly [atUnixMs: number, value: number | undefined]>,
  { startUnixMs, endUnixMs }: LoadSpan,
): Point[] {
  const all: Point[] = [];
  for (const [atUnixMs, value] of samples) {
    const isNear =
      atUnixMs >= startUnixMs - MARGIN_SECONDS * 1000 && atUnixMs <= endUnixMs + MARGIN_SECONDS * 1000;
    if (!isNear || value === undefined || !Number.isFinite(value)) continue;
    all.push([toDigits((atUnixMs - startUnixMs) / 1000, 6), toDigits(value, 6)]);
  }
  return thin(all);
}

function thin(points: Point[]): Point[] {
  if (points.length <= MOST_POINTS) return points;
  const stretches = MOST_POINTS / 2;
  return Array.from({ length: stretches }, (_, stretch) => {
    const at = (index: number) => Math.floor((index * points.length) / stretches);
    const inside = points.slice(at(stretch), at(stretch + 1));
    const pick = (isBeyond: (value: number, than: number) => boolean) =>
      inside.reduce((found, point) => (isBeyond(point[1], found[1]) ? point : found));
    const [low, high] = [pick((value, than) => value < than), pick((value, than) => value > than)];
    if (low === high) return [low];
    return low[0] <= high[0] ? [low, high] : [high, low];
  }).flat();
}
