import { describe, expect, test } from "vitest";
import type { PhaseOptions } from "../../../lib/core/plans/phases.ts";
import type { RequestLine } from "../../../lib/core/request/facts.ts";
import { ArrivalTally, countOffered } from "./arrival-tally.ts";

const line = (scheduledMs: number | undefined, startMs: number) => ({ scheduledMs, startMs }) as RequestLine;

describe("ArrivalTally", () => {
  test("a closed loop has no arrivals", () => {
    const tally = new ArrivalTally();
    tally.add(line(undefined, 5), false);
    expect(tally.toArrivals(undefined, 0)).toBeUndefined();
  });

  test("rates come from the gaps between due times and between sending times", () => {
    const tally = new ArrivalTally();
    for (const [due, start] of [
      [0, 0],
      [100, 101],
      [200, 204],
      [300, 330],
    ] as const)
      tally.add(line(due, start), false);
    const arrivals = tally.toArrivals({ count: 4, spanMs: 300 }, 0);
    expect(arrivals).toMatchObject({ offered: 4, sent: 4, dropped: 0, heldBack: 0, offeredPerSecond: 10 });
    expect(arrivals?.achievedPerSecond).toBeCloseTo(3 / 0.33);
  });

  test("counts the requests that the cap held back, and their delay", () => {
    const tally = new ArrivalTally();
    tally.add(line(0, 0), false);
    tally.add(line(100, 350), true);
    tally.add(line(200, 350), true);
    expect(tally.toArrivals(undefined, 0)).toMatchObject({ heldBack: 2, heldBackMeanMs: 200 });
  });

  test("requests that were due and never sent are dropped", () => {
    const tally = new ArrivalTally();
    tally.add(line(0, 0), false);
    expect(tally.toArrivals({ count: 5, spanMs: 400 }, 0)).toMatchObject({ offered: 5, sent: 1, dropped: 4 });
    expect(tally.toArrivals(undefined, 2)).toMatchObject({ offered: 3, sent: 1, dropped: 2 });
  });
});

describe("countOffered", () => {
  const schedule = { offsetsMs: Array.from({ length: 10 }, (_, i) => i * 100), seconds: 1 };
  const rows: [string, PhaseOptions, number, { count: number; spanMs: number }][] = [
    ["all of them, if the run lasted to the end", {}, 5000, { count: 10, spanMs: 900 }],
    ["those before it was stopped", {}, 450, { count: 5, spanMs: 400 }],
    ["the measured ones", { warmupRequests: 2, cooldownTime: 0.3 }, 5000, { count: 5, spanMs: 400 }],
    ["none", {}, -1, { count: 0, spanMs: 0 }],
  ];
  test.each(rows)("%s", (_, phases, runMs, expected) => {
    expect(countOffered(schedule, phases, runMs)).toEqual(expected);
  });
});
