import { expect, it } from "vitest";
import { formatAlone, formatClock, formatIn, formatTick, formatTickIn, toClockStep } from "./axis-numbers.ts";
import { roundUp, toScale } from "./scale.ts";

it.each([
  [0, 1],
  [0.03, 0.05],
  [1, 1],
  [2.2, 2.5],
  [51, 100],
  [999, 1000],
])("an axis for values up to %s ends at %s", (value, end) => expect(roundUp(value)).toBeCloseTo(end, 9));

it("shows no more digits than are read", () => {
  expect([3, 0.5, 12.34, 1234.5].map((value) => formatAlone("requests/s", value))).toEqual([
    ...["3", "0.5", "12.34", "1,235"],
  ]);
  expect(formatTickIn("bytes", 3e8)).toBe("300 MB");
});

it("reads a clock at its usual steps", () => {
  expect([0.1, 3, 59, 440, 1e6].map(toClockStep)).toEqual([0.5, 5, 60, 600, 1_036_800]);
});

it.each([
  [0, "0:00"],
  [75, "1:15"],
  [3661, "1:01:01"],
  [2.5, "0:02.5"],
  [-1, "−0:01"],
])("%s seconds are %s", (seconds, text) => expect(formatClock(seconds)).toBe(text));

it("has units", () => {
  expect([formatTick(500), formatTick(2500)]).toEqual(["500 ms", "2.5 s"]);
  expect([formatIn("share", 0.5), formatIn("bytes", 2e9), formatIn("cores", 1.5)]).toEqual([
    "50 %",
    "2 GB",
    "1.5 cores",
  ]);
});

it("has a scale that is even, with a little room, or by magnitude, with round ticks and a place for 0", () => {
  expect(toScale(false, 100, 200, 100)).toMatchObject({ isLog: false, min: 98, max: 202 });
  const scale = toScale(true, 0, 500, 20);
  expect(scale.ticks?.map((tick) => Math.round(scale.valueAt(tick)))).toEqual([10, 20, 50, 100, 200, 500]);
  expect(scale.place(0)).toBe(1);
  expect(toScale(false, 5, 5, 5)).toMatchObject({ min: 4, max: 6 });
});
