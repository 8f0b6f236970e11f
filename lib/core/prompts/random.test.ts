import { describe, expect, it } from "vitest";
import { createRandom, sample } from "./random.ts";

const numbers = (seed: number, count: number) => {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => random());
};

describe("createRandom", () => {
  it("gives the same numbers for the same seed", () => {
    expect(numbers(42, 20)).toEqual(numbers(42, 20));
  });

  it("gives other numbers for a neighbouring seed", () => {
    expect(numbers(42, 5)).not.toEqual(numbers(43, 5));
  });

  it("spreads evenly over 0 to 1", () => {
    const tenths = new Array(10).fill(0);
    for (const value of numbers(1, 10_000)) tenths[Math.floor(value * 10)]++;
    for (const count of tenths) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});

describe("sample", () => {
  const items = Array.from({ length: 100 }, (_, index) => index);

  it("draws each item at most once", () => {
    expect(new Set(sample(items, 60, createRandom(7))).size).toBe(60);
  });

  it("shuffles all items when more are asked for than there are", () => {
    const drawn = sample(items, 1000, createRandom(7));
    expect(drawn).not.toEqual(items);
    expect(drawn.toSorted((a, b) => a - b)).toEqual(items);
  });

  it("leaves the list as it is", () => {
    const list = [1, 2, 3];
    sample(list, 2, createRandom(1));
    expect(list).toEqual([1, 2, 3]);
  });
});
