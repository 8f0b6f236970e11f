import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toHistogram } from "./histogram-bins.ts";

const bins = (...values: number[]) => toHistogram(Float64Array.from(values))?.bins;

describe("a histogram", () => {
  test("bins grow by a constant factor: 8 values from 1 to 16 in 4 bins that double", () => {
    expect(bins(1, 1, 1.5, 2, 3, 4, 8, 16)).toEqual([
      [1, 2, 3],
      [2, 4, 2],
      [4, 8, 1],
      [8, 16, 2],
    ]);
  });

  test("has one bin for one value, or for equal ones", () => {
    expect(bins(5)).toEqual([[5, 5, 1]]);
    expect(bins(5, 5, 5)).toEqual([[5, 5, 3]]);
    expect(bins()).toBeUndefined();
  });

  test("has bins of equal width if a value is 0", () => {
    expect(bins(0, 1, 8)).toEqual([
      [0, 8 / 3, 2],
      [8 / 3, 16 / 3, 0],
      [16 / 3, 8, 1],
    ]);
  });

  test("values that differ only in their last digit are in one bin", () => {
    expect(bins(1, 1 + Number.EPSILON, 1)).toEqual([[1, 1 + Number.EPSILON, 3]]);
  });

  test("at most 20 bins hold every value, each within the edges of its bin", () => {
    const value = fc.double({ min: 1e-3, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 3000 }), (values) => {
        const found = bins(...values) ?? [];
        expect(found.length).toBeLessThanOrEqual(20);
        expect(found[0]?.[0]).toBe(Math.min(...values));
        expect(found.at(-1)?.[1]).toBe(Math.max(...values));
        for (const [index, [from, to, count]] of found.entries()) {
          const isLast = index === found.length - 1;
          const inside = values.filter((one) => one >= from && (isLast ? one <= to : one < to));
          expect(count).toBe(inside.length);
          if (!isLast) expect(found[index + 1]?.[0]).toBe(to);
        }
      }),
      { numRuns: 50 },
    );
  });
});
