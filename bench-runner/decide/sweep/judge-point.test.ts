import { describe, expect, it } from "vitest";
import { exampleSummary } from "../../../test/unit-support/examples/example-summary.ts";
import type { Summary } from "../../summary/summary.ts";
import { judgePoint, toJudgedLoad } from "./judge-point.ts";
import type { SweepGoal } from "./sweep-goal.ts";

const goal: SweepGoal = {
  ...{ axis: "rate", loads: [4], isJudged: true, goodputTarget: 0.95 },
  ...{ precision: 0.05, maxPoints: 20, maxPointSeconds: 300 },
};
const place = { number: 1, load: 4, by: "list" as const, folder: "point-01", runs: ["point-01"] };
const judge = (summaries: Summary[], more: Partial<SweepGoal> = {}, isWhole = true) =>
  judgePoint(place, summaries, { ...goal, ...more }, isWhole);

const goodput = (met: number, missed: number): Partial<Summary> => ({
  goodput: { slos: [], met, missed, neverSent: 0, share: met / (met + missed), perSecond: met / 60 },
});
const arrivals = { offered: 100, sent: 100, dropped: 0, heldBack: 0 };
const requirement = (ok: boolean, value: number): Partial<Summary> => ({
  requirements: [{ text: "ttft.p95 < 300ms", ok, value, limit: 300, unit: "ms" }],
});

describe("a load", () => {
  it("meets the goal with the required share of good requests", () => {
    expect(judge([exampleSummary(goodput(95, 5))])).toMatchObject({ meets: true, misses: [] });
    expect(judge([exampleSummary(goodput(94, 6))])).toMatchObject({
      meets: false,
      misses: ["94 % of the requests meet the SLOs, 95 % should"],
    });
    expect(judge([exampleSummary(goodput(90, 10))], { goodputTarget: 0.9 }).meets).toBe(true);
  });
  it("names the figures whose tokens were counted by events in one of its runs", () => {
    const { tokens, metrics } = exampleSummary();
    const timed = { metrics: { ...metrics, ...(metrics.ttft && { tpot: metrics.ttft }) } };
    const summary = exampleSummary(timed);
    const estimated = exampleSummary({ ...timed, tokens: { ...tokens, estimatedRequests: 1 } });
    expect(judge([summary]).estimated).toBeUndefined();
    expect(judge([summary, estimated]).estimated).toEqual([
      ...["outputTokensPerSecond", "tpotMedianMs", "tpotP95Ms"],
    ]);
  });
  it("with several runs has the share over all of them", () => {
    const summaries = [exampleSummary(goodput(100, 0)), exampleSummary(goodput(270, 30))];
    expect(judge(summaries)).toMatchObject({ meets: false, figures: { goodputShare: 0.925 } });
  });
  it("meets a requirement if more than half of its runs do", () => {
    const [good, bad] = [exampleSummary(requirement(true, 250)), exampleSummary(requirement(false, 400))];
    expect(judge([good, good, bad])).toMatchObject({ meets: true });
    expect(judge([good, bad])).toMatchObject({ meets: false, misses: ["ttft.p95 < 300ms: it is 400.0 ms"] });
  });
  it("that saturates the server meets nothing, however good its requests", () => {
    const saturation = {
      saturated: true,
      achievedShare: 0.8,
      queueGrowthPerSecond: 1,
      reason: "the queue grew",
    };
    expect(judge([exampleSummary({ ...goodput(100, 0), arrivals, saturation })])).toMatchObject({
      ...{ meets: false, isSaturated: true, misses: ["the queue grew"] },
    });
  });
  it("in an open loop in which many requests fail is more than the server achieves", () => {
    const failing = exampleSummary({ ...goodput(100, 0), arrivals, rates: { success: 0.9 } });
    expect(judge([failing])).toMatchObject({
      isSaturated: true,
      misses: ["only 90 % of the requests were answered"],
    });
    expect(judge([exampleSummary({ ...goodput(100, 0), rates: { success: 0.9 } })]).isSaturated).toBe(false);
  });
  it("is not judged without a goal, nor if one of its runs was stopped", () => {
    expect(judge([exampleSummary()], { isJudged: false })).not.toHaveProperty("meets");
    const partial = judge([exampleSummary(goodput(100, 0))], {}, false);
    expect(partial).toMatchObject({ partial: true });
    expect(partial).not.toHaveProperty("meets");
    expect(judge([])).toMatchObject({ partial: true, requests: 0, figures: {} });
  });
  it("does not meet the goal if `--abort-on` ended it", () => {
    const run = { ...exampleSummary().run, partial: true, partialReason: "`--abort-on` ended it" };
    expect(judge([exampleSummary({ ...goodput(100, 0), run })])).toMatchObject({
      ...{ meets: false, misses: ["`--abort-on` ended it"] },
    });
  });
  it("has the figures of its summary, the mean of several, and no unknown ones", () => {
    const { figures, requests, complete, isCertified } = judge([exampleSummary()]);
    expect(figures).toMatchObject({ ttftMedianMs: 110, ttftP95Ms: 250, outputTokensPerSecond: 80.5 });
    expect(figures).not.toHaveProperty("goodputShare");
    expect([requests, complete, isCertified]).toEqual([100, 97, false]);
    const slow = exampleSummary({ throughput: { requestsPerSecond: 1, outputTokensPerSecond: 60.5 } });
    expect(judge([exampleSummary(), slow]).figures.outputTokensPerSecond).toBe(70.5);
  });
  it("in an open loop has the TTFT from the time a request was due", () => {
    const { ttft } = exampleSummary().metrics as { ttft: NonNullable<Summary["metrics"]["ttft"]> };
    const metrics = { ttft, scheduledTtft: { ...ttft, median: 900 } };
    expect(judge([exampleSummary({ metrics })]).figures.ttftMedianMs).toBe(900);
  });
});

it("throughput counts requests if a server reports no tokens", () => {
  const point = judge([exampleSummary({ throughput: { requestsPerSecond: 3, outputTokensPerSecond: 0 } })]);
  expect(toJudgedLoad(point).throughput).toBe(3);
});

describe("a load at which the client was starved", () => {
  const doubtful = (ok: boolean, uncertain: boolean, lower: number, upper: number): Partial<Summary> => ({
    requirements: [
      {
        ...{ text: "ttft.p95 < 300ms", ok, value: upper, limit: 300, unit: "ms" },
        ...(uncertain && { uncertain: true as const, range: { lower, upper } }),
      },
    ],
  });

  it("is uncertain where only one end of a figure misses", () => {
    expect(judge([exampleSummary(doubtful(false, true, 100, 400))])).toMatchObject({
      ...{ meets: false, uncertain: true },
      misses: [expect.stringMatching(/^ttft\.p95 < 300ms: uncertain, it is in 100.*400/)],
    });
  });
  it("misses where more than half of its runs miss for sure, and is uncertain where doubts decide", () => {
    const [sure, doubt, good] = [
      exampleSummary(doubtful(false, false, 400, 400)),
      exampleSummary(doubtful(false, true, 100, 400)),
      exampleSummary(doubtful(true, false, 100, 100)),
    ];
    expect(judge([sure, sure, doubt])).not.toHaveProperty("uncertain");
    expect(judge([sure, sure, doubt])).toMatchObject({ meets: false });
    expect(judge([sure, doubt, doubt])).toMatchObject({ meets: false, uncertain: true });
    expect(judge([doubt, good, good])).toMatchObject({ meets: true });
  });
  it("is uncertain where requests that may meet the SLOs decide", () => {
    const slos = (met: number, missed: number, uncertain: number): Partial<Summary> => ({
      goodput: { slos: [], met, missed, uncertain, neverSent: 0, share: met / 100, perSecond: met / 60 },
    });
    expect(judge([exampleSummary(slos(90, 2, 8))])).toMatchObject({ meets: false, uncertain: true });
    expect(judge([exampleSummary(slos(90, 8, 2))])).not.toHaveProperty("uncertain");
    expect(judge([exampleSummary(slos(96, 2, 2))])).toMatchObject({ meets: true });
  });
  it("has the means of both ends of a figure that is a range in one of its runs", () => {
    const [plain] = [exampleSummary()];
    const ttft = plain.metrics.ttft as NonNullable<typeof plain.metrics.ttft>;
    const half = Object.fromEntries(Object.entries(ttft).map(([key, value]) => [key, Number(value) / 2]));
    const range = { lower: half as never, upper: ttft };
    const starved = exampleSummary({ metrics: { ...plain.metrics, ttft: { ...ttft, range } } });
    expect(judge([plain, starved]).ends?.ttftP95Ms).toEqual({ lower: 0.75 * ttft.p95, upper: ttft.p95 });
    expect(judge([plain, plain])).not.toHaveProperty("ends");
  });
});
