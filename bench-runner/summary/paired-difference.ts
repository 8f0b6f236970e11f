// The mean difference of pairs, with its confidence interval.
//
// Prompts differ widely in length, and a machine drifts: both halves of a pair share these effects, so their difference
// contains little of them. What remains may still correlate between neighbours, so the error comes from blocks of pairs.
import { FEWEST_REQUESTS } from "../statistics/estimate.ts";
import { chooseWaves, toBlockCount, toSumVariance } from "../statistics/slow-waves.ts";
import { toStudentT } from "../statistics/student-t.ts";
import type { PairedDifference } from "./summary.ts";

const CONFIDENCE = 0.95;

/** @param rows the times of both servers for each pair, in the order in which the pairs began; at least one */
export function toPairedDifference(rows: readonly { a: number; b: number }[]): PairedDifference {
  const pairs = rows.length;
  const sum = (of: (row: { a: number; b: number }) => number) => rows.reduce((all, row) => all + of(row), 0);
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
  const [low, high] = [difference - half, difference + half];
  const verdict = high < 0 ? "b is faster" : low > 0 ? "a is faster" : "within noise";
  return { ...means, low, high, verdict };
}
