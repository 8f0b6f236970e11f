import { expect, test } from "vitest";
import { toInterval, toMiddles, toTimeGrid } from "./time-grid.ts";

test.each<[seconds: number, requests: number, step: number, count: number]>([
  [0, 1, 0.25, 1],
  [0.1, 5, 0.25, 1],
  [30, 100_000, 0.25, 120],
  [60, 100_000, 0.25, 240],
  [60.1, 100_000, 0.5, 121],
  [600, 100_000, 5, 120],
  [2007, 100_000, 10, 201],
  [86_400, 1_000_000, 600, 144],
  // Few requests: coarser, until there are twenty in each, but not below 20 intervals.
  [60, 600, 2, 30],
  [60, 300, 2, 30],
  [60, 10, 2, 30],
  [120, 10, 5, 24],
  // Longer than the largest step allows for.
  [86_400 * 365 * 10, 10, 1_314_000, 240],
])("%d s with %d requests: intervals of %d s, %d of them", (seconds, requests, step, count) => {
  const grid = toTimeGrid({ fromMs: 5, toMs: 5 + seconds * 1000 }, requests);
  expect(grid).toMatchObject({ originMs: 5, stepMs: step * 1000, count });
  expect(toMiddles(grid).length).toBe(count);
  expect(toMiddles(grid)[0]).toBe(step / 2);
});

test.each<[seconds: number, requests: number, step: number, count: number]>([
  [60, 600, 2, 30],
  [60, 40, 30, 2],
  [60, 10, 60, 1],
  [60, 1, 60, 1],
])("%d s with %d requests: counted in intervals of %d s, %d of them", (seconds, requests, step, count) => {
  const grid = toTimeGrid({ fromMs: 0, toMs: seconds * 1000 }, requests, 1);
  expect(grid).toMatchObject({ stepMs: step * 1000, count });
});

test("a moment on an edge belongs to the later interval; the end and moments outside belong to the nearest one", () => {
  const grid = toTimeGrid({ fromMs: 1000, toMs: 2000 }, 100);
  expect([0, 1000, 1249.9, 1250, 1999, 2000, 9000].map((ms) => toInterval(grid, ms))).toEqual([
    0, 0, 0, 1, 3, 3, 3,
  ]);
});

test("without requests there is no interval", () => {
  expect(toTimeGrid(undefined, 0)).toMatchObject({ count: 0 });
});
