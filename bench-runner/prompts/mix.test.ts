import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { largestWithoutRepeats, mixRows, parseMix, toShares } from "./mix.ts";

const parts = (...weights: number[]) => weights.map((weight, index) => ({ task: `t${index}`, weight }));

describe("parseMix", () => {
  it("reads task, weight and dataset, of which only the task is required", () => {
    expect(parseMix(["chat", "qa=0.5", "code=2:dir/a=b:c.jsonl", "sum:x.json"])).toEqual([
      { task: "chat", weight: 1 },
      { task: "qa", weight: 0.5 },
      { task: "code", weight: 2, dataset: "dir/a=b:c.jsonl" },
      { task: "sum", weight: 1, dataset: "x.json" },
    ]);
  });

  it.each(["", "=3", "chat=0", "chat=x", "chat=-1", ":x.json"])("refuses `%s`", (text) => {
    expect(() => parseMix([text])).toThrow("expected a task with a weight above 0");
  });

  it("refuses a repeated task", () => {
    expect(() => parseMix(["a=1", "a=2"])).toThrow("`a` appears twice");
  });
});

describe("toShares", () => {
  it("rounds by the largest remainders", () => {
    expect(toShares(parts(1, 1, 1), 10)).toEqual([4, 3, 3]);
    expect(toShares(parts(3, 1), 40)).toEqual([30, 10]);
    expect(toShares(parts(0.7, 0.2, 0.1), 7)).toEqual([5, 1, 1]);
  });

  it("adds up, and each is within one of its exact share", () => {
    const weights = fc.array(fc.double({ min: 0.01, max: 100, noNaN: true }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(weights, fc.integer({ min: 0, max: 5000 }), (list, count) => {
        const shares = toShares(parts(...list), count);
        const sum = list.reduce((total, weight) => total + weight, 0);
        expect(shares.reduce((total, share) => total + share, 0)).toBe(count);
        for (const [index, share] of shares.entries()) {
          expect(Math.abs(share - ((list[index] as number) / sum) * count)).toBeLessThan(1);
        }
      }),
    );
  });
});

describe("largestWithoutRepeats", () => {
  it("is what the part that runs out first allows", () => {
    expect(largestWithoutRepeats(parts(3, 1), [300, 5], 480)).toBe(22);
    expect(largestWithoutRepeats(parts(3, 1), [300, 500], 100)).toBe(100);
    expect(largestWithoutRepeats(parts(1), [5], 480)).toBe(5);
  });

  it("is the largest: one more would send a row twice", () => {
    const part = fc.tuple(fc.double({ min: 0.1, max: 10, noNaN: true }), fc.integer({ min: 1, max: 60 }));
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (list) => {
        const mix = parts(...list.map(([weight]) => weight));
        const available = list.map(([, rows]) => rows);
        const total = largestWithoutRepeats(mix, available, 300);
        const repeats = (count: number) =>
          toShares(mix, count).some((share, index) => share > (available[index] as number));
        expect(repeats(total)).toBe(false);
        const more = Array.from({ length: 300 - total }, (_, index) => total + index + 1);
        expect(more.every(repeats)).toBe(true);
      }),
    );
  });
});

describe("mixRows", () => {
  const lists = [Array(6).fill("a"), Array(2).fill("b")];

  it("spreads the parts evenly in sequential order", () => {
    for (const end of [4, 8]) {
      const beginning = mixRows(lists, { order: "sequential", seed: 1 }).slice(0, end);
      expect(beginning.filter((row) => row === "b")).toHaveLength(end / 4);
    }
  });

  it("otherwise shuffles by the seed, every row once", () => {
    const mixed = mixRows(lists, { order: "random", seed: 1 });
    expect([...mixed].sort()).toEqual([...lists.flat()].sort());
    expect(mixRows(lists, { order: "random", seed: 1 })).toEqual(mixed);
    expect([2, 3, 4].some((seed) => mixRows(lists, { order: "random", seed }).join() !== mixed.join())).toBe(
      true,
    );
  });
});
