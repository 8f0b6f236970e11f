import { describe, expect, it } from "vitest";
import { parseRequirement } from "../../../lib/core/goals/requirement.ts";
import { exampleSide } from "../../../test/unit-support/examples/example-side.ts";
import { judgeChange } from "./judge-change.ts";
import type { Side } from "./side.ts";

const base = exampleSide([100, 101, 99, 100, 100]);
const slower = exampleSide([120, 121, 119, 120, 120]);
const slightly = exampleSide([105, 106, 104, 105, 105]);
const noisy = exampleSide([70, 180, 90, 160, 130]);
const same = exampleSide([100, 100.5, 99.5, 100, 100]);
const faster = exampleSide([80, 81, 79, 80, 80]);
const single = exampleSide([120]);
const nothing = exampleSide([]);
const without: Side = {
  ...slower,
  runs: slower.runs.map((run) => ({ ...run, figures: { ...run.figures, metrics: {} } })),
};

const judge = (text: string, next: Side, from = base) =>
  judgeChange(from, next, parseRequirement(text, "`--require`", { changes: true }), 0.95);

describe("a change", () => {
  it.each<[string, string, Side, string]>([
    ["beyond its limit and no noise", "ttft.p95 <= +10%", slower, "failed"],
    ["within its limit, as a whole", "ttft.p95 <= +10%", same, "held"],
    ["a true change within its limit", "ttft.p95 <= +10%", slightly, "held"],
    ["to the better", "ttft.p95 <= +10%", faster, "held"],
    ["beyond its limit by noise", "ttft.p95 <= +10%", noisy, "cannot tell"],
    ["in the figure's own unit, beyond", "ttft.median <= +15ms", slower, "failed"],
    ["in the figure's own unit, within", "ttft.median <= +25ms", slower, "held"],
    ["an improvement that was asked for and came", "ttft.median <= -10%", faster, "held"],
    ["an improvement that was asked for and did not come", "ttft.median <= -10%", same, "failed"],
    ["of a figure that is not there any more", "ttft.p95 <= +10%", without, "failed"],
    ["of a share, in points", "success >= -5%", same, "held"],
  ])("%s: %s", (_, text, next, result) => {
    expect(judge(text, next).result).toBe(result);
  });

  it("in a figure that BASE does not have is inconclusive", () => {
    expect(judge("ttft.p95 <= +10%", slower, without)).toMatchObject({
      result: "cannot tell",
      reason: "BASE has no such figure",
    });
  });

  it("between single runs without blocks is inconclusive, with the reason", () => {
    expect(judge("ttft.p95 <= +10%", single, exampleSide([100]))).toMatchObject({
      result: "cannot tell",
      reason: "there is no journal",
      value: expect.closeTo(0.2, 10),
    });
  });

  it("says the change with its interval", () => {
    const found = judge("ttft.p95 <= +10%", slower);
    expect(found.value).toBeCloseTo(0.2, 3);
    expect(found.low).toBeGreaterThan(0.1);
    expect(found.high).toBeLessThan(0.3);
  });
});

describe("a value", () => {
  it.each<[string, Side, string, string | undefined]>([
    ["ttft.p95 < 300ms", slower, "held", undefined],
    // Every repeat is 2 × its median: one of them is 242.
    ["ttft.p95 < 242ms", slower, "failed", "in one of the repeats"],
    ["e2e.p95 < 1s", slower, "failed", "NEW has no such figure"],
    ["ttft.p95 < 300ms", nothing, "failed", "NEW has no such figure"],
  ])("%s is judged of NEW alone", (text, next, result, reason) => {
    const found = judge(text, next);
    expect([found.result, found.reason]).toEqual([result, reason]);
  });
});
