import { describe, expect, it } from "vitest";
import { request } from "../../../test/unit-support/examples/example-journal.ts";
import { toRequestMetrics } from "../request/request-metrics.ts";
import { judgeEnds, judgeGood, type Outcome } from "./judge-ends.ts";
import type { Comparison } from "./requirement.ts";
import { parseSlos } from "./slo.ts";

describe("a figure that is known only as a range", () => {
  it.each<[number, number | undefined, Comparison, number, Outcome]>([
    [12, 390, "<", 400, "met"],
    [12, 390, "<", 390, "uncertain"],
    [12, 390, "<=", 390, "met"],
    [12, 390, "<", 12, "missed"],
    [12, 390, "<=", 12, "uncertain"],
    [12, undefined, ">=", 10, "met"],
    [12, undefined, ">=", 13, "uncertain"],
    [12, 390, "==", 100, "uncertain"],
    [12, 390, "==", 400, "missed"],
    [12, 390, "!=", 100, "uncertain"],
    [12, 12, "==", 12, "met"],
  ])("%d to %s %s %d: %s", (lower, upper, comparison, limit, expected) => {
    expect(judgeEnds({ lower, ...(upper !== undefined && { upper }) }, comparison, limit)).toBe(expected);
  });
});

describe("the objectives of a request whose first token came in a range of time", () => {
  // Sent at 1 ms; the first token between 20 and 100 ms, the last at 130 ms, 4 tokens.
  const line = request(1, 0, { firstTokenEarliestMs: 20 });
  const judge = (texts: string[], more = {}) => {
    const facts = { ...line, ...more };
    return judgeGood(parseSlos(texts, "`--slo`"), facts, toRequestMetrics(facts));
  };

  it.each<[string, string, boolean | "uncertain"]>([
    ["ttft=99ms", "met", true],
    ["ttft=50ms", "uncertain", "uncertain"],
    ["ttft=18ms", "missed", false],
    ["ttfo=50ms", "uncertain", "uncertain"],
    // (130 − 20) / 3 and (130 − 100) / 3.
    ["tpot=37ms", "met", true],
    ["tpot=20ms", "uncertain", "uncertain"],
    ["tpot=9ms", "missed", false],
    ["e2e=1s", "met", true],
  ])("%s is %s", (text, outcome, good) => {
    expect(judge([text])).toEqual({ slos: [outcome], good });
  });

  it("is missed if one is missed for certain, whatever the others are", () => {
    expect(judge(["ttft=50ms", "e2e=100ms"])).toEqual({ slos: ["uncertain", "missed"], good: false });
  });

  it("never began before it was sent", () => {
    expect(judge(["ttft=0.5ms"], { firstTokenEarliestMs: -50 })).toMatchObject({ good: "uncertain" });
  });

  it("counts nobody who was stopped before it was certain to miss", () => {
    const stopped = { ended: "error", error: { kind: "aborted", message: "" }, fields: {} };
    expect(judge(["ttft=50ms"], stopped)).toEqual({ slos: ["uncertain"], good: "uncertain" });
  });
});
