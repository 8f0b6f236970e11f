import { describe, expect, it } from "vitest";
import { estimateLoad, simulateLoad } from "../../../test/unit-support/examples/example-load.ts";
import { chooseWaves, toBlockCount, toSumVariance } from "../../statistics/slow-waves.ts";
import {
  chooseWavesOf,
  estimateMean,
  estimateQuantile,
  estimateRate,
  estimateShare,
} from "./block-estimates.ts";

const independent = simulateLoad({ requests: 2000, seconds: 100, memorySeconds: 0 }, 5);
const slow = simulateLoad({ requests: 2000, seconds: 100, memorySeconds: 5 }, 5);

describe("the mean of one run", () => {
  it("with independent requests has about the error expected from their number", () => {
    const { value, error } = estimateMean(independent, chooseWavesOf(independent));
    const squares = independent.values.reduce((sum, of) => sum + (of - value) ** 2, 0);
    const expected = Math.sqrt(squares / 1999 / 2000) / value;
    expect(error?.below).toBeGreaterThan(expected / 2);
    expect(error?.below).toBeLessThan(expected * 2);
  });

  it("with requests that drift together has a much larger one, and fewer degrees of freedom", () => {
    const [a, b] = [independent, slow].map((load) => estimateMean(load, chooseWavesOf(load)).error);
    expect(b?.below).toBeGreaterThan(3 * (a?.below ?? 0));
    expect(b?.degrees).toBeLessThan(a?.degrees ?? 0);
  });

  it("with fewer than 30 requests has no estimate, but a reason", () => {
    const few = simulateLoad({ requests: 29, seconds: 10, memorySeconds: 0 }, 1);
    expect(estimateLoad(few, undefined)).toMatchObject({ reason: "too few requests for an interval" });
  });
});

describe("a percentile of one run", () => {
  it("reaches further up than down, as latencies do", () => {
    const error = estimateLoad(independent, 0.95).error;
    expect(error?.above).toBeGreaterThan(0);
    expect(estimateLoad(independent, 0.99).error?.above).toBeGreaterThan(error?.above ?? 0);
  });

  it("has no error without values beyond its interval: p99 of 200 requests", () => {
    const few = simulateLoad({ requests: 200, seconds: 60, memorySeconds: 0 }, 1);
    expect(estimateLoad(few, 0.99).error).toBeUndefined();
    expect(estimateLoad(few, 0.99).reason).toBe("too few requests for an interval");
    expect(estimateLoad(few, 0.95).error).toBeDefined();
  });

  it("with values that are all the same has an error of 0", () => {
    const values = new Float64Array(100).fill(7);
    const blocks = Uint8Array.from(values, (_, at) => at % 16);
    const found = estimateQuantile({ values, blocks, blockCount: 16 }, values, 0.95, 7, {
      count: 8,
      seen: 1,
    });
    expect(found).toEqual({ value: 7, error: { below: 0, above: 0, degrees: 8 } });
  });
});

describe("a share of one run", () => {
  const sums = (failures: readonly number[], share: number) =>
    failures.map((count) => 10 - count - 10 * share);

  it("counts all its requests if failures are spread, and few if they are clustered", () => {
    const spread = [1, 0, 1, 0, 0, 1, 0, 1, 1, 0, 0, 1, 0, 1, 1, 0];
    const together = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 4];
    const [even, burst] = [spread, together].map((failures) =>
      estimateShare(0.95, sums(failures, 0.95), 160),
    );
    expect(even?.trials).toBeGreaterThan(100);
    expect(burst?.trials).toBeLessThan(60);
  });

  it("that is whole keeps its requests as trials", () => {
    expect(estimateShare(1, sums(Array(16).fill(0), 1), 160)).toMatchObject({
      trials: 160,
      error: { below: 0 },
    });
  });
});

describe("a rate of one run", () => {
  it("has no interval if nothing arrived", () => {
    expect(estimateRate(0, Array(16).fill(0), 100)).toEqual({
      value: 0,
      reason: "a figure of 0 has no ratio",
    });
  });
});

describe("blocks and waves", () => {
  it.each([
    [10, 16],
    [200, 33],
    [10_000, 64],
  ])("%s requests are cut into %s blocks", (requests, blocks) => {
    expect(toBlockCount(requests)).toBe(blocks);
  });

  it("a series without memory is judged by 12 waves, which see all of it; its variance is that of its blocks", () => {
    const sums = Array.from({ length: 64 }, (_, at) => (at % 2 === 0 ? 1 : -1));
    expect(chooseWaves(sums)).toEqual({ count: 12, seen: 1 });
  });

  it("a series with a long memory is judged by 4 waves, plus what they miss", () => {
    const sums = Array.from({ length: 64 }, (_, at) => Math.sin((at * Math.PI) / 20));
    const waves = chooseWaves(sums);
    expect(waves.count).toBe(4);
    expect(waves.seen).toBeLessThan(0.95);
    const seen = toSumVariance(sums, { count: 4, seen: 1 });
    expect(toSumVariance(sums, waves)).toBeCloseTo(seen / waves.seen, 8);
  });
});
