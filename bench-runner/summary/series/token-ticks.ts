// Chooses the tokens of a long answer that a timeline shows: evenly spaced ones, and both ends of its largest gaps.
import type { RequestLine } from "../../../lib/core/request/facts.ts";
import { toDigits } from "../../../lib/core/units.ts";

export const MOST_TICKS = 200;
export const LARGEST_GAPS = 50;

/**
 * Milliseconds since the request's start, ascending, including the first and the last token. Only these two if the
 * journal line has no list of gaps.
 */
export function toTokenTicks(line: RequestLine): number[] {
  const { startMs, firstTokenMs, lastTokenMs = firstTokenMs } = line;
  if (firstTokenMs === undefined || lastTokenMs === undefined) return [];
  const gapsUs = line.gapsUs ?? (lastTokenMs > firstTokenMs ? [(lastTokenMs - firstTokenMs) * 1000] : []);
  let timeMs = firstTokenMs - startMs;
  const times = [timeMs];
  for (const gapUs of gapsUs) {
    timeMs += gapUs / 1000;
    times.push(timeMs);
  }
  return chooseTicks(gapsUs).map((index) => toDigits(times[index] as number, 9));
}

function chooseTicks(gapsUs: readonly number[]): number[] {
  const tokens = gapsUs.length + 1;
  if (tokens <= MOST_TICKS) return Array.from({ length: tokens }, (_, index) => index);
  const largest = [...gapsUs.keys()].sort((a, b) => (gapsUs[b] as number) - (gapsUs[a] as number));
  const chosen = new Set(largest.slice(0, LARGEST_GAPS).flatMap((gap) => [gap, gap + 1]));
  const even = MOST_TICKS - chosen.size;
  for (let tick = 0; tick < even; tick += 1) chosen.add(Math.round((tick * (tokens - 1)) / (even - 1)));
  return [...chosen].sort((a, b) => a - b);
}
