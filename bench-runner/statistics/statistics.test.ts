import { describe, expect, test } from "vitest";
import { certified, toRank } from "./certified-percentile.ts";
import { GapHistogram } from "./gap-histogram.ts";
import { toMedian, toQuantile, toUpperQuantile } from "./quantile.ts";
import { toStatistics } from "./statistics.ts";
import { ValueColumn } from "./value-column.ts";

describe("toStatistics", () => {
  test("of 1 to 5, in any order: quantiles interpolate at p·(n−1), the deviation is the sample's", () => {
    // p90: position 0.9·4 = 3.6 → 4 + 0.6; deviation: √((4+1+0+1+4)/4)
    expect(toStatistics(Float64Array.of(4, 1, 5, 3, 2))).toEqual({
      count: 5,
      min: 1,
      mean: 3,
      max: 5,
      standardDeviation: Math.sqrt(2.5),
      median: 3,
      p90: 4.6,
      p95: 4.8,
      p99: expect.closeTo(4.96, 12),
    });
  });

  test("of one value has no deviation; of none there is nothing", () => {
    expect(toStatistics(Float64Array.of(7))).toEqual({
      count: 1,
      min: 7,
      mean: 7,
      max: 7,
      median: 7,
      p90: 7,
      p95: 7,
      p99: 7,
    });
    expect(toStatistics(new Float64Array())).toBeUndefined();
  });

  test("keeps the deviation of values that are large beside it", () => {
    const { standardDeviation } = toStatistics(Float64Array.of(1e9, 1e9 + 1, 1e9 + 2)) ?? {};
    expect(standardDeviation).toBe(1);
  });
});

describe("quantiles", () => {
  test("interpolate between the two neighbours, and reach the first and the last value", () => {
    const sorted = [10, 20, 40, 80];
    expect([0, 0.5, 0.75, 1].map((share) => toQuantile(sorted, share))).toEqual([10, 30, 50, 80]);
    expect(toQuantile([], 0.5)).toBeUndefined();
    expect([toMedian([9, 1, 4]), toMedian([9, 1]), toMedian([])]).toEqual([4, 5, undefined]);
  });

  test("the upper quantile is one of the values", () => {
    expect([0.25, 0.5].map((share) => toUpperQuantile([10, 20, 40, 80], share))).toEqual([20, 40]);
    expect([0.25, 0.5].map((share) => toUpperQuantile([10, 20, 40], share))).toEqual([10, 20]);
    expect(toUpperQuantile([], 0.5)).toBeUndefined();
  });
});

describe("certified percentiles", () => {
  /** P(Binomial(n, q) ≤ t) term by term with exact binomial coefficients. */
  function tail(n: number, q: number, t: number): number {
    let sum = 0;
    for (let k = 0; k <= t; k += 1) {
      let coefficient = 1;
      for (let i = 1; i <= k; i += 1) coefficient = (coefficient * (n - k + i)) / i;
      sum += coefficient * q ** k * (1 - q) ** (n - k);
    }
    return sum;
  }

  test.each([
    [63, 0.9, undefined],
    [64, 0.9, 1],
    [661, 0.99, undefined],
    [662, 0.99, 1],
  ])("%i values for p = %d: rank %s", (n, p, rank) => {
    expect(toRank(n, p)).toBe(rank);
  });

  test.each([64, 100, 200, 500])("%i values: the rank is the largest whose tail is at most 1 %%", (n) => {
    const rank = toRank(n, 0.9) as number;
    expect(tail(n, 0.1, rank)).toBeLessThanOrEqual(0.01);
    expect(tail(n, 0.1, rank + 1)).toBeGreaterThan(0.01);
  });

  test("does not underflow at a million values", () => {
    // Normal approximation: n·q − 2.326·√(n·p·q) = 10,000 − 2.326 · 99.5 ≈ 9,769
    expect(toRank(1_000_000, 0.99)).toBeGreaterThan(9_760);
    expect(toRank(1_000_000, 0.99)).toBeLessThan(9_780);
  });

  test("is the t-th largest value, and never below the plain percentile's order statistic", () => {
    const values = Float64Array.from({ length: 64 }, (_, index) => index + 1);
    expect(certified(values, 0.9)).toBe(64);
    expect(certified(values.subarray(0, 63), 0.9)).toBeUndefined();
  });
});

describe("GapHistogram", () => {
  test("count, mean, deviation and extremes are exact, quantiles within 0.1 %", () => {
    const gaps = Array.from({ length: 5000 }, (_, index) => (index * 7919) % 100_003);
    const histogram = new GapHistogram();
    histogram.addLine({ gapsUs: gaps.slice(0, 4000) });
    histogram.addLine({ gapHistogramUs: gaps.slice(4000).map((gap) => [gap, 1]) });
    const exact = toStatistics(Float64Array.from(gaps, (gap) => gap / 1000));
    const found = histogram.toStatistics();
    for (const key of ["count", "min", "max", "mean", "standardDeviation"] as const) {
      expect(found?.[key]).toBeCloseTo(exact?.[key] as number, 6);
    }
    for (const key of ["median", "p90", "p95", "p99"] as const) {
      const off = Math.abs((found?.[key] as number) / (exact?.[key] as number) - 1);
      expect(off).toBeLessThan(0.001);
    }
  });

  test("takes gaps of 0 and of ten minutes", () => {
    const histogram = new GapHistogram();
    histogram.addLine({ gapsUs: [0, 0, 600_000_000] });
    expect(histogram.toStatistics()).toMatchObject({ count: 3, min: 0, median: 0, max: 600_000 });
  });
});

test("ValueColumn gives back what was pushed, over block borders", () => {
  const column = new ValueColumn();
  for (let index = 0; index < 40_000; index += 1) column.push(index);
  const all = column.toArray();
  expect(all.length).toBe(40_000);
  expect(all.every((value, index) => value === index)).toBe(true);
});

test("ValueColumn knows rows without a value, and tells which rows its values are of", () => {
  const column = new ValueColumn();
  for (const row of [1, 3, 50_000]) column.put(row, row * 10);
  expect([...column.toArray()]).toEqual([10, 30, 500_000]);
  expect([0, 1, 20_000, 50_000, 90_000].map((row) => column.get(row))).toEqual([
    undefined,
    10,
    undefined,
    500_000,
    undefined,
  ]);
  const [values, rows] = [new Float64Array(5), new Uint32Array(5)];
  expect(column.copyTo(values, rows, 1, 100)).toBe(4);
  expect([...values]).toEqual([0, 10, 30, 500_000, 0]);
  expect([...rows]).toEqual([0, 101, 103, 50_100, 0]);
});
