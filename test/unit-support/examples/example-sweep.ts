// A small finished sweep with plain numbers, for tests.
import { findOutcome } from "../../../bench-runner/decide/sweep/find-outcome.ts";
import type { SweepFile, SweepPoint } from "../../../bench-runner/decide/sweep/sweep-file.ts";

/** @param more parts that replace those of the example */
export function examplePoint(number: number, load: number, more: Partial<SweepPoint> = {}): SweepPoint {
  const folder = `point-0${number}-rate-${load}`;
  return {
    ...{ number, load, by: "list", folder, runs: [folder], requests: 150, complete: 150 },
    ...{ isCertified: true, isSaturated: false, meets: true, misses: [] },
    figures: {
      achievedPerSecond: load,
      requestsPerSecond: load,
      outputTokensPerSecond: load * 50,
      tokensPerSecondPerUser: 60 - load,
      ttftMedianMs: 100,
      ttftP95Ms: 200,
      tpotMedianMs: 20,
      e2eMeanMs: 1000,
      e2eMedianMs: 900,
      e2eP95Ms: 1500,
      goodputShare: 1,
      goodputPerSecond: load,
    },
    ...more,
  };
}

/** Eight numbers of clients, each twice the one before: from 16 on requests only wait. */
export function exampleCurve(): SweepFile {
  const points = Array.from({ length: 8 }, (_, at) => {
    const load = 2 ** at;
    const meets = load <= 8;
    const late = "60.2 % of the requests meet the SLOs, 95 % should";
    const queue = "the queue grew: requests waited 120 ms at the beginning and 8,400 ms at the end";
    const done = Math.min(load * 0.97, 17.1);
    return examplePoint(at + 1, load, {
      ...{ meets, misses: meets ? [] : [late, queue], isSaturated: !meets, isCertified: load > 4 },
      figures: {
        ...{ requestsPerSecond: done, outputTokensPerSecond: Math.min(48.7 * load, 800 + at) },
        ...{ tokensPerSecondPerUser: 60 / (1 + load / 10), tpotMedianMs: 16 + load },
        ...{ ttftMedianMs: 40 * (1 + load / 4) ** 1.2, ttftP95Ms: 90 * (1 + load / 3) ** 1.4 },
        ...{ e2eMeanMs: 900 + 50 * load, e2eMedianMs: 800 + 50 * load, e2eP95Ms: 1500 + 90 * load },
        ...{ goodputShare: meets ? 0.99 : 0.3, goodputPerSecond: meets ? done : 3 },
      },
    });
  });
  const { goal } = exampleSweep();
  const loads = points.map(({ load }) => load);
  const file = exampleSweep({ points, goal: { ...goal, axis: "concurrency", loads } });
  return { ...file, outcome: findOutcome(file, "found") };
}

export function exampleSweep(more: Partial<SweepFile> = {}): SweepFile {
  const late = "60 % of the requests meet the SLOs, 95 % should";
  return {
    schema: "server-bench/sweep/1",
    name: "local",
    start: "2026-01-02T03:04:05.000Z",
    end: "2026-01-02T03:14:05.000Z",
    goal: {
      ...{ axis: "rate", loads: [1, 2, 4], isJudged: true, goodputTarget: 0.95, precision: 0.05 },
      ...{ maxPoints: 20, maxPointSeconds: 300 },
    },
    slos: ["ttft=500ms"],
    requirements: [],
    options: { url: "http://127.0.0.1:8080" },
    points: [examplePoint(1, 1), examplePoint(2, 2), examplePoint(3, 4, { meets: false, misses: [late] })],
    ...more,
  };
}
