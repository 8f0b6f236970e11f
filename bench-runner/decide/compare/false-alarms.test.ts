// How often a comparison reports a difference that does not exist, and how often it finds one that does.
import { describe, expect, it } from "vitest";
import { createRandom, drawNormal } from "../../../lib/core/prompts/random.ts";
import {
  estimateLoad,
  estimateLoop,
  type LoadShape,
  simulateLoad,
} from "../../../test/unit-support/examples/example-load.ts";
import type { Estimate } from "../../statistics/estimate.ts";
import { toDifference } from "./difference.ts";
import { estimateRepeats } from "./repeat-estimates.ts";

const COMPARISONS = 1000;
const FIGURES = { mean: undefined, median: 0.5, p95: 0.95 };

function isAlarm(base: Estimate, next: Estimate, isShare = false): boolean {
  const { low = -1, high = 1 } = toDifference(base, next, { confidence: 0.95, isShare });
  return low > 0 || high < 0;
}

/** Comparisons of two runs of the same load; percent by figure. */
function countAlarms(shape: LoadShape): Record<string, number> {
  const percent = Object.fromEntries(Object.keys(FIGURES).map((name) => [name, 0]));
  for (let pair = 0; pair < COMPARISONS; pair += 1) {
    const base = simulateLoad(shape, 2 * pair + 1);
    const next = simulateLoad(shape, 2 * pair + 2);
    for (const [name, share] of Object.entries(FIGURES)) {
      if (isAlarm(estimateLoad(base, share), estimateLoad(next, share))) {
        percent[name] = (percent[name] as number) + 100 / COMPARISONS;
      }
    }
  }
  return percent;
}

/** The interval if requests were independent: Welch's, over the logarithms. */
function countNaiveAlarms(shape: LoadShape): number {
  let alarms = 0;
  for (let pair = 0; pair < COMPARISONS; pair += 1) {
    const [base, next] = [1, 2].map((side) => {
      const { values } = simulateLoad(shape, 2 * pair + side);
      return estimateRepeats([...values], false);
    });
    if (isAlarm(base as Estimate, next as Estimate)) alarms += 1;
  }
  return (alarms / COMPARISONS) * 100;
}

describe("1,000 comparisons of two runs of the same load, at 95 %", () => {
  it.each<LoadShape>([
    { requests: 300, seconds: 60, memorySeconds: 0 },
    { requests: 200, seconds: 60, memorySeconds: 1 },
    { requests: 500, seconds: 120, memorySeconds: 2 },
    { requests: 1000, seconds: 120, memorySeconds: 5 },
    { requests: 1500, seconds: 300, memorySeconds: 10 },
  ])("$requests requests in $seconds s with a memory of $memorySeconds s: 3 to 7 % false alarms", (shape) => {
    for (const [name, percent] of Object.entries(countAlarms(shape))) {
      expect(percent, name).toBeGreaterThanOrEqual(3);
      expect(percent, name).toBeLessThanOrEqual(7);
    }
  });

  it.each<LoadShape>([
    { requests: 500, seconds: 120, memorySeconds: 2 },
    { requests: 1500, seconds: 300, memorySeconds: 10 },
  ])("the same of success and output tokens per second: $requests requests, $memorySeconds s", (shape) => {
    let [ofSuccess, ofRate] = [0, 0];
    for (let pair = 0; pair < COMPARISONS; pair += 1) {
      const [base, next] = [estimateLoop(shape, 2 * pair + 1), estimateLoop(shape, 2 * pair + 2)];
      if (isAlarm(base.success, next.success, true)) ofSuccess += 100 / COMPARISONS;
      if (isAlarm(base.outputTokensPerSecond, next.outputTokensPerSecond)) ofRate += 100 / COMPARISONS;
    }
    for (const percent of [ofSuccess, ofRate]) {
      expect(percent).toBeGreaterThanOrEqual(3);
      expect(percent).toBeLessThanOrEqual(7);
    }
  });

  it("would have too narrow intervals if requests were assumed to be independent", () => {
    expect(countNaiveAlarms({ requests: 500, seconds: 120, memorySeconds: 2 })).toBeGreaterThan(40);
  });
});

describe("five repeats that vary by 2 %", () => {
  const repeats = (random: () => number, middle: number) =>
    estimateRepeats(
      Array.from({ length: 5 }, () => middle * (1 + 0.02 * drawNormal(random))),
      false,
    );
  const countWorse = (slowdown: number) => {
    const random = createRandom(7);
    let worse = 0;
    for (let pair = 0; pair < COMPARISONS; pair += 1) {
      if (isAlarm(repeats(random, 100), repeats(random, 100 * slowdown))) worse += 1;
    }
    return (worse / COMPARISONS) * 100;
  };

  it("a slowdown of 5 % is found in 90 % of the comparisons or more", () => {
    expect(countWorse(1.05)).toBeGreaterThanOrEqual(90);
  });

  it("the same load gives 3 to 7 % false alarms", () => {
    const percent = countWorse(1);
    expect(percent).toBeGreaterThanOrEqual(3);
    expect(percent).toBeLessThanOrEqual(7);
  });
});
