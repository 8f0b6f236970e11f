// Requirements against a summary: the figure found, and the result if the run does not have it.
import { describe, expect, it } from "vitest";
import { exampleSummary } from "../../../test/unit-support/examples/example-summary.ts";
import type { Statistics } from "../../statistics/statistics.ts";
import { isUndecided, toGates } from "./gates.ts";
import { judgeAll } from "./requirement-figure.ts";

const summary = exampleSummary();

describe("judging a requirement", () => {
  it("takes the figure of the summary, in its unit", () => {
    const { ttft } = summary.metrics;
    expect(judgeAll(["ttft.p95 < 1ms", "ttft.p95 < 1h".replace("1h", "60min")], summary)).toEqual([
      { text: "ttft.p95 < 1ms", ok: false, value: ttft?.p95, limit: 1, unit: "ms" },
      { text: "ttft.p95 < 60min", ok: true, value: ttft?.p95, limit: 3_600_000, unit: "ms" },
    ]);
  });

  it("is uncertain where only one end of a range fulfils it, and then k6's own threshold is, too", () => {
    const { ttft } = summary.metrics;
    const upper = { mean: 120.5, p95: 250, p99: 390 };
    const range = { lower: { mean: 20, p95: 30, p99: 40 }, upper };
    const thresholds = [
      { metric: "llamacpp_ttft", rule: "p(99)<100", ok: false },
      { metric: "llamacpp_ttft", rule: "p(99)<20", ok: false },
      { metric: "llamacpp_ttft{phase:measure}", rule: "avg<=20", ok: false },
      { metric: "llamacpp_success_rate", rule: "rate>0.99", ok: false },
    ];
    const starved = { ...summary, metrics: { ttft: { ...(ttft as Statistics), range } }, thresholds };
    const requirements = judgeAll(["ttft.p95 < 100ms", "ttft.p95 < 300ms", "ttft.p95 < 30ms"], starved);
    expect(requirements).toEqual([
      {
        ...{ text: "ttft.p95 < 100ms", ok: false, uncertain: true, value: 250, limit: 100, unit: "ms" },
        range: { lower: 30, upper: 250 },
      },
      {
        text: "ttft.p95 < 300ms",
        ok: true,
        value: 250,
        range: { lower: 30, upper: 250 },
        limit: 300,
        unit: "ms",
      },
      {
        text: "ttft.p95 < 30ms",
        ok: false,
        value: 250,
        range: { lower: 30, upper: 250 },
        limit: 30,
        unit: "ms",
      },
    ]);
    const gates = toGates({ ...starved, requirements });
    expect(gates.map(({ uncertain = false }) => uncertain)).toEqual([
      true,
      false,
      false,
      true,
      false,
      true,
      false,
    ]);
    expect(gates[0]?.found).toBe("30–250 ms");
    expect(isUndecided(gates)).toBe(false);
    expect(isUndecided(gates.filter(({ ok, uncertain }) => ok || uncertain))).toBe(true);
  });

  it("counts the same requests as failed as the success rate does", () => {
    const requests = {
      ...summary.requests,
      byVerdict: { complete: 90, cut: 2, timeout: 3, aborted: 4, interrupted: 1 },
    };
    const [failed, completed] = judgeAll(["failed == 5", "completed == 90"], { ...summary, requests });
    expect([failed?.ok, completed?.ok]).toEqual([true, true]);
  });

  it.each([
    [
      "a requirement on a figure that the run does not have does not hold",
      "scheduled-ttft.p95 < 1s",
      "the run has no such number",
    ],
    ["nor does one on a share of nothing", "goodput < 100%", "the run has no such number"],
  ])("%s", (_, text, reason) => {
    const [result] = judgeAll([text], { ...summary, metrics: { ttft: summary.metrics.ttft ?? never() } });
    expect(result).toMatchObject({ ok: false, reason });
    expect(result?.value).toBeUndefined();
  });

  it("gives the reason for a percentile that cannot be certified", () => {
    const ttft = { ...(summary.metrics.ttft ?? never()), certified: {} };
    const [result] = judgeAll(["ttft.p99.certified < 1min"], { ...summary, metrics: { ttft } });
    expect(result).toMatchObject({ ok: false, reason: "too few requests to certify the p99" });
  });
});

describe("the gates of a run", () => {
  const { configuration } = summary;
  const given = (values: object) => ({ ...configuration, values: { ...configuration.values, ...values } });

  it("include a requirement once, although k6 judged it as well", () => {
    const requirements = judgeAll(["ttft.p95 < 1min"], summary);
    const thresholds = [
      { metric: "llamacpp_ttft", rule: "p(95)<60000", ok: true },
      { metric: "llamacpp_completions_truncated_rate", rule: "rate<0.8", ok: true },
    ];
    const gates = toGates({
      configuration: given({ require: ["ttft.p95 < 1min"] }),
      requirements,
      thresholds,
    });
    expect(gates.map(({ text }) => text)).toEqual([
      "ttft.p95 < 1min",
      "llamacpp_completions_truncated_rate: rate<0.8",
    ]);
    expect(gates[0]?.found).toMatch(/ms$/);
  });

  it("show an abort condition as it was written", () => {
    const thresholds = [{ metric: "llamacpp_success_rate{phase:measure}", rule: "rate>=0.9", ok: false }];
    const values = { abortOn: ["success < 90%"], warmupRequests: 5 };
    expect(toGates({ configuration: given(values), thresholds })).toEqual([
      { text: "not success < 90%", ok: false },
    ]);
  });
});

function never(): never {
  throw new Error("the example has a TTFT");
}
