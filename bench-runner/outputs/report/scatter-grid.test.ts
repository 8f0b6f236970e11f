import { expect, test } from "vitest";
import { createRandom } from "../../../lib/core/prompts/random.ts";
import { ValueColumn } from "../../statistics/value-column.ts";
import { toScatter } from "./scatter-grid.ts";

function toColumn(values: readonly (number | undefined)[]): ValueColumn {
  const column = new ValueColumn();
  for (const [row, value] of values.entries()) if (value !== undefined) column.put(row, value);
  return column;
}

function scatterOf(pairs: readonly (readonly [number | undefined, number | undefined])[]) {
  return toScatter(toColumn(pairs.map(([x]) => x)), toColumn(pairs.map(([, y]) => y)));
}

test("up to 5,000 requests are single points; one without both values has no point", () => {
  expect(
    scatterOf([
      [20, 100.5],
      [undefined, 3],
      [30, undefined],
      [20, 100.5],
    ]),
  ).toEqual({
    points: [
      [20, 100.5, 1],
      [20, 100.5, 1],
    ],
  });
  expect(scatterOf([[undefined, 5]])).toBeUndefined();
});

test("a crowd becomes cells that count every request, and each outlier stays a point", () => {
  const random = createRandom(11);
  const crowd = Array.from(
    { length: 50_000 },
    () => [100 + Math.floor(900 * random()), 50 + 40 * random()] as const,
  );
  const outliers = [
    [500, 30_000],
    [120, 2500.25],
    [8000, 60],
    [3, 0.5],
  ] as const;
  const points = scatterOf([...crowd.slice(0, 100), ...outliers, ...crowd.slice(100)])?.points ?? [];
  expect(points.reduce((sum, [, , count]) => sum + count, 0)).toBe(50_004);
  expect(points.length).toBeLessThan(10_000);
  for (const [prompt, ttft] of outliers) expect(points).toContainEqual([prompt, ttft, 1]);
  const weighted = points.reduce((sum, [, ttft, count]) => sum + ttft * count, 0);
  const exact = [...crowd, ...outliers].reduce((sum, [, ttft]) => sum + ttft, 0);
  expect(weighted / exact).toBeCloseTo(1, 4);
});

test("the largest TTFT is a separate point among others, even if all prompts are equal", () => {
  const pairs = Array.from({ length: 6000 }, (_, index) => [128, 100 + (index % 7) / 1000] as const);
  const points = scatterOf([...pairs, [128, 100.0061]])?.points ?? [];
  expect(points).toContainEqual([128, 100.0061, 1]);
  expect(points.reduce((sum, [, , count]) => sum + count, 0)).toBe(6001);
});

test("6,000 equal requests", () => {
  const points = scatterOf(Array.from({ length: 6000 }, () => [128, 100] as const))?.points ?? [];
  expect(points.reduce((sum, [, , count]) => sum + count, 0)).toBe(6000);
});
