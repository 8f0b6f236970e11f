import { describe, expect, it } from "vitest";
import { examplePoint, exampleSweep } from "../../../test/unit-support/examples/example-sweep.ts";
import { createSchemaCheck } from "../../../test/unit-support/examples/schema-check.ts";
import { findKnee, findOutcome, findPareto, formatLoad } from "./find-outcome.ts";
import type { PointFigures, SweepFile, SweepPoint } from "./sweep-file.ts";

const withFigures = (number: number, load: number, figures: PointFigures, more: Partial<SweepPoint> = {}) =>
  examplePoint(number, load, { figures, ...more });

describe("the sentence", () => {
  const fails = (number: number, load: number, misses: string[]) =>
    examplePoint(number, load, { meets: false, misses });
  const clients = { ...exampleSweep().goal, axis: "concurrency" as const };
  const rows: [string, Partial<SweepFile>, string][] = [
    [
      "the highest rate, and why the next one does not do",
      {},
      "Highest rate that meets the SLOs: 2/s (4/s does not: 60 % of the requests meet the SLOs, 95 % should).",
    ],
    [
      "clients",
      { goal: clients, points: [examplePoint(1, 1), fails(2, 2, ["slow"])] },
      "Highest number of clients that meets the SLOs: 1 client (2 clients do not: slow).",
    ],
    [
      "every rate",
      { points: [examplePoint(1, 3.75)] },
      "Every rate up to 3.75/s meets the SLOs; no higher one was measured.",
    ],
    [
      "requirements and SLOs",
      { requirements: ["success >= 99%"], points: [examplePoint(1, 1)] },
      "Every rate up to 1/s meets the SLOs and requirements; no higher one was measured.",
    ],
    [
      "a higher rate that met them",
      { points: [examplePoint(1, 1), fails(2, 2, ["slow"]), examplePoint(3, 4)] },
      "Highest rate that meets the SLOs: 1/s (2/s does not: slow). At 4/s they were met, though: results vary by chance, and `--repeat 3` reduces that.",
    ],
    [
      "none",
      { points: [fails(1, 1, ["slow", "wrong"])] },
      "No rate meets the SLOs: 1/s does not: slow; wrong.",
    ],
    [
      "saturation without a goal",
      {
        goal: { ...exampleSweep().goal, isJudged: false },
        points: [withFigures(1, 8, {}, { isSaturated: true, misses: ["the queue grew"] })],
      },
      "At 8/s the server does not keep up: the queue grew.",
    ],
    [
      "nothing found",
      { goal: { ...exampleSweep().goal, isJudged: false }, points: [withFigures(1, 8, {})] },
      "Every load was measured; none of them saturates the server.",
    ],
  ];
  it.each(rows)("%s", (_, more, sentence) => {
    expect(findOutcome(exampleSweep(more), "found").sentence).toBe(sentence);
  });
  it("says that the sweep was stopped, and leaves the partial point out", () => {
    const { meets: _, ...partial } = examplePoint(2, 4, { partial: true, misses: ["stopped by Ctrl-C"] });
    expect(findOutcome(exampleSweep({ points: [examplePoint(1, 2), partial] }), "stopped")).toMatchObject({
      meets: 1,
      sentence: "Every rate up to 2/s meets the SLOs; no higher one was measured. It was stopped early.",
    });
  });
});

describe("the knee", () => {
  it("is at the largest throughput / latency: with 4 slots at 4 clients", () => {
    const points = [1, 2, 4, 8, 16].map((clients, index) =>
      withFigures(index + 1, clients, {
        outputTokensPerSecond: 50 * Math.min(clients, 4),
        e2eMeanMs: 200 * Math.max(1, clients / 4),
      }),
    );
    expect(findKnee(points)?.load).toBe(4);
  });
  it("in an M/M/1 queue is at half its capacity, as Kleinrock shows", () => {
    const points = [0.1, 0.3, 0.5, 0.7, 0.9].map((use, index) =>
      withFigures(index + 1, use, { outputTokensPerSecond: use, e2eMeanMs: 1 / (1 - use) }),
    );
    expect(findKnee(points)?.load).toBe(0.5);
  });
  it("needs three points", () => expect(findKnee([examplePoint(1, 1), examplePoint(2, 2)])).toBeUndefined());
});

it("the Pareto front has the points that no other surpasses in both", () => {
  const points = [
    withFigures(1, 1, { outputTokensPerSecond: 50, tokensPerSecondPerUser: 50 }),
    withFigures(2, 2, { outputTokensPerSecond: 90, tokensPerSecondPerUser: 45 }),
    withFigures(3, 4, { outputTokensPerSecond: 80, tokensPerSecondPerUser: 40 }),
    withFigures(4, 8, { outputTokensPerSecond: 120, tokensPerSecondPerUser: 15 }),
    withFigures(5, 9, { outputTokensPerSecond: 500 }),
  ];
  expect(findPareto(points).map(({ number }) => number)).toEqual([1, 2, 4]);
});

it("a load has its unit", () => {
  expect([formatLoad(1, "concurrency"), formatLoad(2, "concurrency"), formatLoad(0.5, "rate")]).toEqual([
    ...["1 client", "2 clients", "0.5/s"],
  ]);
});

it("the file matches its schema", () => {
  const check = createSchemaCheck("sweep");
  const file = exampleSweep();
  expect(check({ ...file, outcome: findOutcome(file, "found") })).toBe("");
  expect(check({ ...file, points: [{ ...examplePoint(1, 1), speed: 3 }] })).toMatch(/speed/);
});
