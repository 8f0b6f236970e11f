import { describe, expect, it } from "vitest";
import { fitLine } from "./line-fit.ts";

describe("fitLine", () => {
  it("a line that rises by a tenth of its mean from end to end", () => {
    expect(
      fitLine([
        [10, 95],
        [20, 100],
        [30, 105],
      ]),
    ).toEqual({ slope: 0.5, mean: 100, rise: 0.1 });
  });

  it("a flat one, whatever it wavers", () => {
    const points = [0, 1, 2, 3].map((x) => [x, x % 3 === 0 ? 4 : 6] as const);
    expect(fitLine(points)).toEqual({ slope: 0, mean: 5, rise: 0 });
  });

  it("nothing through one point, or through points at one place", () => {
    expect(fitLine([[1, 2]])).toBeUndefined();
    expect(
      fitLine([
        [1, 2],
        [1, 3],
      ]),
    ).toBeUndefined();
  });
});
