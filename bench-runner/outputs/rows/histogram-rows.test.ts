import fc from "fast-check";
import stringWidth from "string-width";
import { describe, expect, test } from "vitest";

import { toHistogram } from "../../statistics/histogram-bins.ts";
import { renderHistogram } from "./histogram-rows.ts";

const bins: [number, number, number][] = [
  [100, 200, 8],
  [200, 400, 4],
  [400, 800, 0],
  [800, 1600, 1],
];

describe("a histogram in a terminal", () => {
  test("has columns over an axis with the edges", () => {
    expect(renderHistogram("TTFT", { bins }, { width: 80, unicode: true })).toEqual([
      "TTFT of 13 requests (ms)",
      "8 │████",
      "  │████",
      "  │████████",
      "  │████████    ▄▄▄▄",
      "0 └───────┴───────┴",
      "  100.0   400.0   1,600",
    ]);
  });

  test("uses ASCII if the locale is not UTF-8", () => {
    expect(renderHistogram("E2E", { bins }, { width: 80, unicode: false })).toEqual([
      "E2E of 13 requests (ms)",
      "8 |####",
      "  |####",
      "  |########",
      "  |########    ....",
      "0 +-------+-------+",
      "  100.0   400.0   1,600",
    ]);
  });

  test("a single value among thousands is visible", () => {
    const lines = renderHistogram(
      "TTFT",
      {
        bins: [
          [1, 2, 100_000],
          [2, 4, 1],
        ],
      },
      { width: 80, unicode: true },
    );
    expect(lines[4]).toBe("        │████▁▁▁▁");
  });

  test("equal values are one column over their value", () => {
    const lines = renderHistogram("TTFT", { bins: [[50, 50, 3]] }, { width: 80, unicode: true });
    expect(lines.slice(-2)).toEqual(["0 └────", "  50.00"]);
  });

  test("fits its width, or is left out", () => {
    expect(renderHistogram("TTFT", { bins }, { width: 8, unicode: true })).toEqual([]);
    const value = fc.double({ min: 0, max: 1e7, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 500 }),
        fc.integer({ min: 20, max: 200 }),
        fc.boolean(),
        (values, width, unicode) => {
          const lines = renderHistogram("TTFT", toHistogram(Float64Array.from(values)) ?? { bins }, {
            width,
            unicode,
          });
          if (width >= 60) expect(lines).toHaveLength(7);
          for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(width);
          if (!unicode) expect(lines.join("")).toMatch(/^[\x20-\x7e]*$/);
        },
      ),
      { numRuns: 100 },
    );
  });
});
