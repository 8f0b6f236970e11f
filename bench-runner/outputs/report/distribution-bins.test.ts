import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { GapCounts } from "../../summary/series/gap-counts.ts";
import { type SortedCounts, toSortedCounts } from "../../summary/series/sorted-counts.ts";
import { toCumulativeShares } from "./cumulative-shares.ts";
import { toBinEdges, toBins } from "./distribution-bins.ts";

// The same cases in every run, so that the test is deterministic.
fc.configureGlobal({ seed: 20_261_124 });

/** Times in whole microseconds as a journal has them, from a narrow range to six orders of magnitude, with some equal values. */
const times = fc
  .tuple(fc.constantFrom(50, 5000, 60_000_000), fc.integer({ min: 0, max: 500_000 }))
  .chain(([span, from]) =>
    fc.array(fc.integer({ min: from, max: from + span }), { minLength: 1, maxLength: 900 }),
  )
  .map((values) => values.map((us) => us / 1000));

const sortedOf = (values: readonly number[]) => toSortedCounts(Float64Array.from(values));

function expectWholeBins({ values, counts, total }: SortedCounts): void {
  const { bins, isLog } = toBins({ values, ...(counts && { counts }), total });
  expect(bins.length).toBeLessThanOrEqual(84);
  expect(bins[0]?.[0]).toBeLessThanOrEqual(values[0] as number);
  expect(bins.at(-1)?.[1]).toBeGreaterThanOrEqual(values.at(-1) as number);
  expect(bins.reduce((sum, [, , count]) => sum + count, 0)).toBe(total);
  for (const [index, [from, to, count]] of bins.entries()) {
    expect(from).toBeLessThan(to);
    if (index > 0) expect(from).toBe(bins[index - 1]?.[1]);
    const isLast = index === bins.length - 1;
    let inside = 0;
    for (const [at, value] of values.entries()) {
      if (value >= from && (value < to || (isLast && value === to))) inside += counts?.[at] ?? 1;
    }
    expect(count).toBe(inside);
  }
  expect(isLog).toBe((values.at(-1) as number) > 20 * (values.find((value) => value > 0) ?? Infinity));
}

function expectExactShares({ values, counts, total }: SortedCounts): void {
  const cdf = toCumulativeShares({ values, ...(counts && { counts }), total });
  expect(cdf.length).toBeLessThanOrEqual(400);
  expect(cdf[0]?.[0]).toBeCloseTo(values[0] as number, 6);
  expect(cdf.at(-1)).toEqual([values.at(-1), 1]);
  for (const [index, [value, share]] of cdf.entries()) {
    const before = cdf[index - 1];
    if (before) expect(value > before[0] && share > before[1]).toBe(true);
    let below = 0;
    for (const [at, other] of values.entries()) if (other <= value) below += counts?.[at] ?? 1;
    expect(share).toBe(below / total);
  }
}

describe("bins and cumulative shares", () => {
  test("hold every value in its bin, and rise to 1 at the largest", () => {
    fc.assert(
      fc.property(times, (values) => {
        expectWholeBins(sortedOf(values));
        expectExactShares(sortedOf(values));
      }),
      { numRuns: 150 },
    );
  });

  test.each<[string, number[]]>([
    ["one value", [12.5]],
    ["only zeros", [0, 0, 0]],
    ["one value many times", Array(500).fill(40)],
    ["values on edges", [1, 2, 3, 4, 5, 10, 20]],
    ["a value that rounding moves across its edge", [1.4125376, 2000, 1.2589254]],
    ["zeros below six orders of magnitude", [0, 0, 0.001, 5, 900, 1000.5]],
    ["a negative value, as after a change of the clock", [-0.5, 3, 200]],
  ])("%s", (_, values) => {
    expectWholeBins(sortedOf(values));
    expectExactShares(sortedOf(values));
  });

  test("there are none without values", () => {
    expect(toBins(sortedOf([]))).toEqual({ bins: [], isLog: false });
    expect(toCumulativeShares(sortedOf([]))).toEqual([]);
  });

  test("thinned shares keep the ten largest values", () => {
    const values = Array.from({ length: 20_000 }, (_, index) => index / 10);
    const cdf = toCumulativeShares(sortedOf(values));
    for (const rank of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) {
      expect(cdf).toContainEqual([(20_000 - rank) / 10, (20_001 - rank) / 20_000]);
    }
  });
});

describe("GapCounts", () => {
  test("holds each gap, exact below 131 ms, within 0.05 % above, with exact ends", () => {
    const gap = fc.oneof(
      fc.integer({ min: 0, max: 131_071 }),
      fc.integer({ min: 100_000, max: 600_000_000 }),
    );
    fc.assert(
      fc.property(fc.array(gap, { minLength: 1, maxLength: 400 }), (gapsUs) => {
        const gaps = new GapCounts();
        gaps.addLine({ gapsUs });
        const sorted = gaps.toSorted();
        expect(sorted.total).toBe(gapsUs.length);
        const given = [...gapsUs].sort((a, b) => a - b);
        const found = [...sorted.values].flatMap((ms, index) =>
          Array(sorted.counts?.[index]).fill(ms * 1000),
        );
        expect(found.length).toBe(given.length);
        for (const [index, us] of given.entries()) {
          expect(Math.abs((found[index] as number) - us)).toBeLessThanOrEqual(
            us < 131_072 ? 1e-6 : us * 0.0005,
          );
        }
        expect(found.at(-1)).toBeCloseTo(given.at(-1) as number, 6);
        expectWholeBins(sorted);
        expectExactShares(sorted);
      }),
      { numRuns: 60 },
    );
  });

  test("takes the histogram of an answer too long for a list", () => {
    const gaps = new GapCounts();
    gaps.addLine({
      gapHistogramUs: [
        [9000, 20_000],
        [400_000, 3],
      ],
    });
    gaps.addLine({ gapsUs: [9000] });
    expect(gaps.total).toBe(20_004);
    expect([...(gaps.toSorted().counts ?? [])]).toEqual([20_001, 3]);
  });
});

const exponents = Array.from({ length: 120 }, (_, k) => k);

test("logarithmic edges enclose values on an edge, however it is rounded", () => {
  for (const parts of [50, 20, 10, 5]) {
    for (const k of exponents) {
      const [min, max] = [10 ** (k / parts), 10 ** ((k + 1.4 * parts) / parts)];
      const { isLog, edges } = toBinEdges(min, min, max);
      expect(isLog).toBe(true);
      // Except the bin from 0, which is for gaps of 0.
      expect(edges[0]).toBeGreaterThan(0.9 * min);
      expect(edges[0]).toBeLessThanOrEqual(min);
      expect(edges.at(-1)).toBeGreaterThanOrEqual(max);
    }
  }
});

test("even edges are multiples of 1, 2 or 5 times a power of ten", () => {
  expect(toBinEdges(0.3, 0.3, 0.7).edges.slice(0, 3)).toEqual([0.3, 0.31, 0.32]);
  expect(toBinEdges(101, 101, 199).edges.slice(0, 3)).toEqual([100, 102, 104]);
  expect(toBinEdges(1003, 1003, 1250).edges.slice(0, 3)).toEqual([1000, 1005, 1010]);
});

test("equal values have one bin with round edges around them", () => {
  expect(toBinEdges(99, 99, 99).edges).toEqual([99, 99.1]);
  expect(toBinEdges(0, undefined, 0).edges).toEqual([0, 1]);
});

test("gaps of 0 have a bin of their own below the logarithmic ones", () => {
  const { edges } = toBinEdges(0, 0.1, 100);
  expect(edges.slice(0, 2)).toEqual([0, 0.1]);
});

test.each([
  [120.7014166666666, 120.7014166666667],
  [1e9, 1e9 + 1],
  [0.1 + 0.2, 0.3],
  [5e-7, 5e-7 * (1 + 1e-9)],
])("values that differ only by rounding (%d, %d) have few edges, all different", (a, b) => {
  const [min, max] = [Math.min(a, b), Math.max(a, b)];
  const { edges } = toBinEdges(min, min, max);
  expect(edges.length).toBeLessThanOrEqual(4);
  expect(new Set(edges).size).toBe(edges.length);
  expect(edges[0]).toBeLessThanOrEqual(min);
  expect(edges.at(-1)).toBeGreaterThanOrEqual(max);
});
