import { expect, test } from "vitest";
import { toRepeatSeed } from "./repeat-seed.ts";

test("repeats have seeds of their own, the first one the run's, and repeats of the next seed have others", () => {
  const seeds = [41, 42, 43].flatMap((seed) => [1, 2, 3, 4, 5].map((repeat) => toRepeatSeed(seed, repeat)));
  expect(new Set(seeds).size).toBe(15);
  expect(toRepeatSeed(42, 1)).toBe(42);
  expect(toRepeatSeed(2 ** 31 - 2, 3)).toBeLessThan(2 ** 31);
});
