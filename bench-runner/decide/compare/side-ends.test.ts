import { describe, expect, it } from "vitest";
import { parseRequirement } from "../../../lib/core/goals/requirement.ts";
import { exampleSide, exampleStatistics } from "../../../test/unit-support/examples/example-side.ts";
import { comparePair } from "./comparison.ts";
import { judgeChange } from "./judge-change.ts";
import type { Side } from "./side.ts";
import { toSideEnds, widen } from "./side-ends.ts";

/** A side whose TTFT is known only as a range, in these runs: the factors of its lower and upper end. */
function ranged(side: Side, lower: number, upper: number, inRuns = (_: number) => true): Side {
  const runs = side.runs.map((run, index) => {
    const { ttft } = run.figures.metrics;
    if (ttft === undefined || !inRuns(index)) return run;
    const range = {
      lower: exampleStatistics(ttft.median * lower),
      upper: exampleStatistics(ttft.median * upper),
    };
    return { ...run, figures: { ...run.figures, metrics: { ttft: { ...ttft, range } } } };
  });
  return { ...side, runs };
}

const base = exampleSide([100, 101, 99, 100, 100]);
const slower = exampleSide([120, 121, 119, 120, 120]);
const median = { subject: "ttft", statistic: "median" } as const;

describe("the ends of a side's figure", () => {
  it("are those of all of its runs", () => {
    expect(toSideEnds(ranged(base, 0.5, 1), median)).toEqual({ lower: 49.5, upper: 101 });
    expect(
      toSideEnds(
        ranged(base, 0.5, 1, (index) => index === 0),
        median,
      ),
    ).toEqual({ lower: 50, upper: 101 });
  });

  it("are none where every run knows its figure well enough", () => {
    expect(toSideEnds(base, median)).toBeUndefined();
    expect(toSideEnds(ranged(base, 0.97, 1), median)).toBeUndefined();
  });
});

describe("an interval of a difference", () => {
  const known = { ends: undefined };

  it("reaches as far as the ends of either side allow", () => {
    const found = widen(
      { value: 0.2, low: 0.1, high: 0.3 },
      {
        base: { value: 100, ends: { lower: 50, upper: 100 } },
        next: { value: 120, ...known },
        isAdditive: false,
      },
    );
    expect(found).toMatchObject({ value: 0.2, low: expect.closeTo(0.1, 10), high: expect.closeTo(1.6, 10) });
  });

  it("between shares moves by the difference of its ends", () => {
    const found = widen(
      { value: -0.1, low: -0.2, high: 0 },
      {
        base: { value: 0.9, ...known },
        next: { value: 0.8, ends: { lower: 0.8, upper: 0.95 } },
        isAdditive: true,
      },
    );
    expect(found).toMatchObject({ low: expect.closeTo(-0.2, 10), high: expect.closeTo(0.15, 10) });
  });

  it("has no end where a value has none", () => {
    const found = widen(
      { value: 0, low: -0.1, high: 0.1 },
      { base: { value: 10, ...known }, next: { value: 10, ends: { lower: 10 } }, isAdditive: false },
    );
    expect(found.high).toBe(Number.POSITIVE_INFINITY);
    expect(found.low).toBeCloseTo(-0.1, 10);
  });

  it("is as it was without ranges, and none where there was none", () => {
    const both = {
      base: { value: 1, ...known },
      next: { value: 1, ends: { lower: 0.5, upper: 1 } },
      isAdditive: false,
    };
    const plain = { value: 0.2, low: 0.1, high: 0.3 };
    expect(widen(plain, { ...both, next: { value: 1, ...known } })).toBe(plain);
    expect(widen({ value: 0.2 }, both)).toEqual({ value: 0.2 });
  });
});

describe("a comparison with a starved client", () => {
  const verdictOf = (from: Side, to: Side) =>
    comparePair(from, to, "runs/new", { confidence: 0.95, allow: [] }, []).metrics.find(
      ({ key }) => key === "ttft.median",
    )?.verdict;

  it.each([
    ["worse within a range that holds no change", ranged(slower, 0.8, 1), "uncertain"],
    ["worse whichever end holds", ranged(exampleSide([300, 303, 297, 300, 300]), 0.9, 1), "worse"],
    ["no difference that is sure", ranged(base, 0.8, 1), "uncertain"],
    ["worse, known well enough", ranged(slower, 0.97, 1), "worse"],
  ])("%s", (_, next, verdict) => {
    expect(verdictOf(base, next)).toBe(verdict);
  });

  it.each([
    ["ttft.median <= +10%", ranged(slower, 0.8, 1), "uncertain"],
    ["ttft.median <= +10%", ranged(exampleSide([300, 303, 297, 300, 300]), 0.9, 1), "failed"],
    ["ttft.median <= +50%", ranged(slower, 0.8, 1), "held"],
    ["ttft.median < 110ms", ranged(slower, 0.8, 1), "uncertain"],
    ["ttft.median < 90ms", ranged(slower, 0.8, 1), "failed"],
    ["ttft.median < 130ms", ranged(slower, 0.8, 1), "held"],
  ])("%s: %#", (text, next, result) => {
    const requirement = parseRequirement(text, "`--require`", { changes: true });
    expect(judgeChange(base, next, requirement, 0.95).result).toBe(result);
  });
});
