import { expect, test } from "vitest";
import { toBinEdges } from "./bin-edges.ts";

const exponents = Array.from({ length: 120 }, (_, k) => k);

test("logarithmic edges enclose values that lie on an edge, however it is rounded", () => {
  for (const parts of [50, 20, 10, 5]) {
    for (const k of exponents) {
      const [min, max] = [10 ** (k / parts), 10 ** ((k + 1.4 * parts) / parts)];
      const { isLog, edges } = toBinEdges(min, min, max);
      expect(isLog).toBe(true);
      // Not the bin from 0 on, which is for gaps of 0.
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

test("values that are all the same have one bin, round and around them", () => {
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
])("values that differ by rounding alone (%d, %d) have few edges, all of them different", (a, b) => {
  const [min, max] = [Math.min(a, b), Math.max(a, b)];
  const { edges } = toBinEdges(min, min, max);
  expect(edges.length).toBeLessThanOrEqual(4);
  expect(new Set(edges).size).toBe(edges.length);
  expect(edges[0]).toBeLessThanOrEqual(min);
  expect(edges.at(-1)).toBeGreaterThanOrEqual(max);
});
