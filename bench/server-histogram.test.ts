import { expect, test } from "vitest";
import { readHistogram, toBucket } from "./server-histogram.ts";

const text = (counts: readonly [string, number][], labels = "") =>
  counts.map(([le, count]) => `ttft_bucket{${labels}le="${le}"} ${count}`).join("\n");

const after = text([
  ["+Inf", 110],
  ["0.01", 60],
  ["0.1", 109],
]);

test("a percentile lies in the first bucket that reaches it", () => {
  const histogram = readHistogram(after, "ttft");
  expect(toBucket(histogram, 0.5, new Map())).toEqual([0, 0.01]);
  expect(toBucket(histogram, 0.99, new Map())).toEqual([0.01, 0.1]);
  expect(toBucket(histogram, 1, new Map())).toEqual([0.1, Number.POSITIVE_INFINITY]);
});

test("observations from before do not count", () => {
  const before = readHistogram(
    text([
      ["0.01", 60],
      ["0.1", 60],
      ["+Inf", 60],
    ]),
    "ttft",
  );
  expect(toBucket(readHistogram(after, "ttft"), 0.5, before)).toEqual([0.01, 0.1]);
  expect(toBucket(before, 0.5, before)).toEqual([Number.NaN, Number.NaN]);
});

test("label sets are added up, and other metrics left out", () => {
  const both = `${text(
    [
      ["1", 1],
      ["+Inf", 2],
    ],
    'engine="0",',
  )}\n${text(
    [
      ["1", 3],
      ["+Inf", 3],
    ],
    'engine="1",',
  )}\nother_bucket{le="1"} 9`;
  expect([...readHistogram(both, "ttft")]).toEqual([
    [1, 4],
    [Number.POSITIVE_INFINITY, 5],
  ]);
});
