import { describe, expect, it } from "vitest";
import type { LoadEnd } from "./load.ts";
import { findPartialReason, toExitCode, toOutcome } from "./outcome.ts";

const end: LoadEnd = {
  k6: { exitCode: 0 },
  endedBy: "itself",
  startedUnixMs: 1_000_000,
  endedUnixMs: 1_090_000,
  done: 480,
  k6HasSpoken: false,
  thresholdEndedIt: false,
  serverMetrics: true,
};
const doubtful = { completed: true, held: false, undecided: true, written: true, lost: false };
const good = { completed: true, held: true, undecided: false, written: true, lost: false };

describe("how a run ended", () => {
  const rows: [string, Partial<LoadEnd>, string | undefined, number][] = [
    ["all requests were done", {}, undefined, 0],
    ["a threshold failed at the end", { k6: { exitCode: 99 } }, undefined, 99],
    ["a threshold failed at the end of a short run", { k6: { exitCode: 99 }, done: 100 }, undefined, 99],
    [
      "a threshold ended the run",
      { k6: { exitCode: 99 }, thresholdEndedIt: true },
      "a failed threshold ended the run",
      99,
    ],
    ["Ctrl-C", { k6: { exitCode: 105 }, endedBy: "stop" }, "stopped by Ctrl-C", 105],
    ["Ctrl-C as a threshold failed", { k6: { exitCode: 99 }, endedBy: "stop" }, "stopped by Ctrl-C", 99],
    ["Ctrl-C in the moment of the end", { endedBy: "stop" }, "stopped by Ctrl-C", 105],
    ["the server died", { k6: { exitCode: 105 }, endedBy: "server_death" }, "the server died", 3],
    ["the scenario gave up", { k6: { exitCode: 108 } }, "the scenario stopped the run", 108],
    ["the scenario threw", { k6: { exitCode: 107 } }, "the scenario threw an exception", 107],
    ["k6 crashed", { k6: { exitCode: 2 } }, "k6 crashed", 109],
    ["k6 was killed", { k6: { signal: "SIGKILL" } }, "k6 was ended by SIGKILL", 1],
    [
      "k6 hung behind a stop",
      { k6: { signal: "SIGKILL" }, endedBy: "stop", killed: true },
      "stopped by Ctrl-C; k6 did not end when it was asked to, and was killed",
      1,
    ],
    [
      "k6 hung behind its end",
      { k6: { exitCode: 105 }, endedBy: "overdue" },
      "k6 did not end although its load was over",
      1,
    ],
    ["k6 is no program", { k6: { startError: "ENOEXEC" } }, "k6 could not be started (ENOEXEC)", 1],
  ];
  it.each(rows)("%s", (_, change, reason, exitCode) => {
    const changed = { ...end, ...change };
    expect(findPartialReason(changed, "Ctrl-C")).toBe(reason);
    expect(toExitCode(changed, good)).toBe(exitCode);
    expect(toOutcome(changed, "Ctrl-C").partial).toBe(reason !== undefined);
  });

  it("fails when no request completed, even if k6 ends with 0", () => {
    expect(
      toExitCode(end, { completed: false, held: true, undecided: false, written: true, lost: false }),
    ).toBe(99);
  });

  it("is uncertain when nothing is worse than uncertain, also where k6 failed its threshold", () => {
    expect(toExitCode(end, doubtful)).toBe(4);
    expect(toExitCode({ ...end, k6: { exitCode: 99 } }, doubtful)).toBe(4);
    expect(toExitCode({ ...end, k6: { exitCode: 99 } }, { ...doubtful, undecided: false })).toBe(99);
    expect(toExitCode({ ...end, k6: { exitCode: 105 }, endedBy: "stop" }, doubtful)).toBe(105);
  });

  it("fails when the summary could not be written", () => {
    expect(
      toExitCode(end, { completed: true, held: true, undecided: false, written: false, lost: false }),
    ).toBe(1);
  });
});
