// The mean difference of pairs, with its confidence interval.
//
// Prompts differ widely in length, and a machine drifts: both halves of a pair share these effects, so their difference
// contains little of them. What remains may still correlate between neighbours, so the error comes from blocks of pairs.
import { FEWEST_REQUESTS } from "../statistics/estimate.ts";
import { chooseWaves, toBlockCount, toSumVariance } from "../statistics/slow-waves.ts";
import { toStudentT } from "../statistics/student-t.ts";
import type { PairedDifference } from "./summary.ts";

const CONFIDENCE = 0.95;

/** A pair's times; where one is known only as a range, this is its upper end, and `uncertainA` or `uncertainB` its length. */
export interface PairTimes {
  a: number;
  b: number;
  uncertainA?: number;
  uncertainB?: number;
}

/**
 * The interval covers every value within the ranges; where the verdict depends on them, it is uncertain.
 * @param rows the times of both servers for each pair, in the order in which the pairs began; at least one
 */
export function toPairedDifference(rows: readonly PairTimes[]): PairedDifference {
  const pairs = rows.length;
  const sum = (of: (row: PairTimes) => number) => rows.reduce((all, row) => all + of(row), 0);
  const difference = sum(({ a, b }) => b - a) / pairs;
  const means = {
    pairs,
    a: sum(({ a }) => a) / pairs,
    b: sum(({ b }) => b) / pairs,
    difference,
    shareBFaster: sum(({ a, b }) => (b < a ? 1 : b === a ? 0.5 : 0)) / pairs,
  };
  if (pairs < FEWEST_REQUESTS) return { ...means, verdict: "unknown" };
  const blocks = new Float64Array(toBlockCount(pairs));
  rows.forEach(({ a, b }, index) => {
    const block = Math.floor((index / pairs) * blocks.length);
    blocks[block] = (blocks[block] as number) + (b - a - difference);
  });
  const waves = chooseWaves(blocks);
  const half = (toStudentT(CONFIDENCE, waves.count) * Math.sqrt(toSumVariance(blocks, waves))) / pairs;
  const own = toVerdict(difference - half, difference + half);
  const down = sum(({ uncertainB = 0 }) => uncertainB) / pairs;
  const up = sum(({ uncertainA = 0 }) => uncertainA) / pairs;
  const [low, high] = [difference - half - down, difference + half + up];
  const verdict = toVerdict(low, high);
  return { ...means, low, high, verdict: verdict === own ? verdict : "uncertain" };
}

function toVerdict(low: number, high: number): "a is faster" | "b is faster" | "within noise" {
  return high < 0 ? "b is faster" : low > 0 ? "a is faster" : "within noise";
}
