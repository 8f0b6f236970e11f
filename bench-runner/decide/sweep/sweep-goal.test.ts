import { describe, expect, it } from "vitest";
import { readSweepGoal, type SweepFlags } from "./sweep-goal.ts";

describe("a sweep's own options", () => {
  const rows: [string, SweepFlags, object][] = [
    [
      "clients in rising order, each once",
      { concurrency: "4,1, 2,4" },
      { axis: "concurrency", loads: [1, 2, 4] },
    ],
    ["rates", { rates: "0.5,2" }, { axis: "rate", loads: [0.5, 2] }],
    ["clients that double from one", { concurrency: "auto" }, { loads: "auto", start: 1 }],
    [
      "the defaults",
      { rates: "1" },
      { goodputTarget: 0.95, precision: 0.05, maxPoints: 20, maxPointSeconds: 300 },
    ],
    [
      "shares with and without a percent sign, times with units",
      { rates: "1", "goodput-target": "0.9", precision: "2%", "max-points": "5", "max-point-time": "1m30s" },
      { goodputTarget: 0.9, precision: 0.02, maxPoints: 5, maxPointSeconds: 90 },
    ],
  ];
  it.each(rows)("%s", (_, flags, goal) => expect(readSweepGoal(flags, true)).toMatchObject(goal));

  it("rates that double begin at the probed rate", () =>
    expect(readSweepGoal({ rates: "auto" }, true)).not.toHaveProperty("start"));

  const wrong: [string, SweepFlags, RegExp][] = [
    ["nothing to vary", {}, /give `--concurrency 1,2,4,8` or `--rates 0.5,1,2,4`/],
    ["two things to vary", { concurrency: "1", rates: "1" }, /either the number of clients or the rate/],
    [
      "half a client",
      { concurrency: "1,2.5" },
      /`--concurrency`: expected whole numbers above 0 as in `1,2,4,8`, or `auto`, got `1,2.5`/,
    ],
    ["a rate of 0", { rates: "0,1" }, /`--rates`: expected numbers above 0/],
    ["an empty place", { rates: "1,,2" }, /got `1,,2`/],
    [
      "a share above 1",
      { rates: "1", "goodput-target": "95" },
      /`--goodput-target`: expected a share above 0, such as `95%` or `0.95`, got `95`/,
    ],
    ["no points", { rates: "1", "max-points": "0" }, /`--max-points`/],
    ["no time", { rates: "1", "max-point-time": "soon" }, /`--max-point-time`/],
  ];
  it.each(wrong)("%s is refused", (_, flags, message) =>
    expect(() => readSweepGoal(flags, true)).toThrow(message),
  );
  it("a target for SLOs without one is refused", () =>
    expect(() => readSweepGoal({ rates: "1", "goodput-target": "90%" }, false)).toThrow(
      /add one, such as `--slo ttft=500ms`/,
    ));
});
