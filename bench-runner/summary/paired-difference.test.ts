// The mean difference of pairs: it is found if it exists, and not if only prompts and drift differ.
import { describe, expect, it } from "vitest";
import { createRandom } from "../../lib/core/prompts/random.ts";
import { toPairedDifference } from "./paired-difference.ts";

/** Prompts of 100 to 1,100 ms, a drift correlated from pair to pair, and noise independent for each request. */
function makePairs(count: number, shiftMs: number, seed: number): { a: number; b: number }[] {
  const random = createRandom(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  let drift = 0;
  let lean = 0;
  return Array.from({ length: count }, () => {
    const prompt = 100 + 1000 * random();
    drift = 0.95 * drift + 20 * normal();
    // The drift of one server alone remains in the differences, and neighbours share it.
    lean = 0.7 * lean + 3 * normal();
    return { a: prompt + drift + 5 * normal(), b: prompt + drift + shiftMs + lean + 5 * normal() };
  });
}

describe("the difference of pairs", () => {
  it("is the mean of the differences, with the means of both", () => {
    const rows = [
      { a: 100, b: 90 },
      { a: 200, b: 200 },
      { a: 300, b: 340 },
    ];
    expect(toPairedDifference(rows)).toEqual({
      pairs: 3,
      a: 200,
      b: 210,
      difference: 10,
      shareBFaster: 0.5,
      verdict: "unknown",
    });
  });

  it("is uncertain where the ranges of the times decide", () => {
    const pairs = makePairs(200, -20, 7);
    expect(toPairedDifference(pairs).verdict).toBe("b is faster");
    const ranges = (uncertainA: number) => toPairedDifference(pairs.map((pair) => ({ ...pair, uncertainA })));
    expect(ranges(2)).toMatchObject({ verdict: "b is faster" });
    // A's times may be up to 40 ms shorter than they were read.
    const uncertain = ranges(40);
    expect(uncertain.verdict).toBe("uncertain");
    expect(uncertain.high).toBeCloseTo((toPairedDifference(pairs).high as number) + 40, 9);
  });

  it("between two equal servers is recognised as noise in 95 of 100 runs", () => {
    const verdicts = Array.from(
      { length: 1000 },
      (_, seed) => toPairedDifference(makePairs(300, 0, seed + 1)).verdict,
    );
    const alarms = verdicts.filter((verdict) => verdict !== "within noise").length;
    expect(alarms).toBeGreaterThanOrEqual(30);
    expect(alarms).toBeLessThanOrEqual(70);
  });

  it.each([
    [4, "a is faster"],
    [-4, "b is faster"],
  ])("is %d ms among prompts of 100 to 1,100 ms is found in 200 of 200 runs", (shiftMs, expected) => {
    const found = Array.from(
      { length: 200 },
      (_, seed) => toPairedDifference(makePairs(400, shiftMs, seed + 1)).verdict,
    );
    expect(found.filter((verdict) => verdict === expected).length).toBeGreaterThanOrEqual(190);
  });
});
