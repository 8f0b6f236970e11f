import { expect, it } from "vitest";
import { formatNumber, roundUp } from "./axis-numbers.ts";

it.each([
  [0, 1],
  [0.03, 0.05],
  [1, 1],
  [2.2, 2.5],
  [51, 100],
  [999, 1000],
])("an axis for values up to %s ends at %s", (value, end) => expect(roundUp(value)).toBeCloseTo(end, 9));

it("shows no more digits than are read", () => {
  expect([undefined, 3, 0.5, 12.34, 1234.5].map(formatNumber)).toEqual(["–", "3", "0.50", "12.3", "1,235"]);
});
