// How many arrivals are expected by a moment, and when a number of them is: the integral of the rate, and its inverse.
import type { Stage } from "./stages.ts";

/** Expected arrivals over all stages: the area under the rate. */
export function expectedArrivals(stages: readonly Stage[]): number {
  return stages.reduce((sum, stage) => sum + areaOf(stage), 0);
}

function areaOf({ seconds, from, to }: Stage): number {
  return (seconds * (from + to)) / 2;
}

/** The moment within a stage, in seconds, by which `area` arrivals are expected: from·t + (to − from)·t²/2T = area. */
function momentIn({ seconds, from, to }: Stage, area: number): number {
  const slope = (to - from) / seconds;
  // The form of the quadratic formula that also holds for a slope of 0, and loses no digits near it.
  const root = Math.sqrt(Math.max(from * from + 2 * slope * area, 0));
  return from + root > 0 ? Math.min((2 * area) / (from + root), seconds) : 0;
}

/**
 * Moments, in milliseconds from the start, by which each of the given numbers of arrivals is expected.
 * @param counts ascending, from 0 to `expectedArrivals(stages)`
 */
export function toMoments(stages: readonly Stage[], counts: readonly number[]): number[] {
  const moments: number[] = [];
  let index = 0;
  let startSeconds = 0;
  let before = 0;
  for (const [at, stage] of stages.entries()) {
    const area = areaOf(stage);
    const isLast = at === stages.length - 1;
    // A sum of many numbers may pass the end by a rounding error.
    for (; index < counts.length; index++) {
      const rest = (counts[index] as number) - before;
      if (rest >= area && !isLast) break;
      moments.push((startSeconds + momentIn(stage, Math.min(rest, area))) * 1000);
    }
    before += area;
    startSeconds += stage.seconds;
  }
  return moments;
}
