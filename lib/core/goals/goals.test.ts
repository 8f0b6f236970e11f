// What a run is to reach: which texts fit which run, and what k6 is told of them.
import { describe, expect, it } from "vitest";
import { OptionError } from "../option-error.ts";
import { readGoals } from "./goals.ts";
import { parseRequirement } from "./requirement.ts";
import { toK6Rule, toRequirementThresholds } from "./thresholds.ts";

const stream = { mode: "stream" } as const;

describe("goals that can never be judged are refused:", () => {
  it.each([
    ["goodput without objectives", { ...stream, require: ["goodput > 90%"] }, "plain", "without `--slo`"],
    ["what is due, in a closed loop", { ...stream, require: ["achieved > 90%"] }, "closed", "open loop"],
    [
      "a scheduled TTFT in a closed loop",
      { ...stream, abortOn: ["scheduled-ttft.p95 > 1s"] },
      "plain",
      "open loop",
    ],
    ["a first token of whole answers", { mode: "sync", slo: ["ttft=1s"] }, "plain", "--slo e2e=…"],
    [
      "a watch on gaps between tokens",
      { ...stream, abortOn: ["itl.p99 > 1s"] },
      "plain",
      "cannot be watched",
    ],
    ["a watch on a rate over time", { ...stream, abortOn: ["rps < 1"] }, "plain", "cannot be watched"],
  ] as const)("%s", (_, options, kind, words) => {
    expect(() => readGoals(options, kind)).toThrow(OptionError);
    expect(() => readGoals(options, kind)).toThrow(words);
  });

  it("goodput with objectives and arrivals in an open loop are accepted", () => {
    const goals = readGoals(
      {
        ...stream,
        slo: ["ttft=1s"],
        require: ["goodput > 90%", "achieved > 95%", "scheduled-ttft.p95 < 1s"],
      },
      "open",
    );
    expect(goals.slos).toEqual([{ metric: "ttft", limitMs: 1000 }]);
    expect(goals.requirements.map(({ subject }) => subject)).toEqual([
      "goodput",
      "achieved",
      "scheduledTtft",
    ]);
  });
});

describe("as a threshold of k6", () => {
  it.each([
    ["ttft.p95 < 800ms", "llamacpp_ttft", "p(95)<800"],
    ["e2e.mean <= 2s", "llamacpp_e2e", "avg<=2000"],
    ["tpot.median < 50ms", "llamacpp_tpot", "med<50"],
    ["success >= 99%", "llamacpp_success_rate", "rate>=0.99"],
    ["goodput > 95%", "llamacpp_goodput_rate", "rate>0.95"],
    ["generation-tokens-per-second.min > 5", "llamacpp_generation_tokens_second", "min>5"],
  ])("`%s`", (text, metric, rule) => {
    const requirement = parseRequirement(text, "`--require`");
    expect(toK6Rule(requirement, true)).toEqual({ metric, rule });
    expect(toK6Rule(requirement, false)).toEqual({ metric: `${metric}{phase:measure}`, rule });
  });

  it.each([
    "itl.p99 < 50ms",
    "ttft.std < 5ms",
    "ttft.count > 5",
    "ttft.p95.certified < 1s",
    "rps > 4",
    "failed == 0",
    "connect.max < 1s",
    "tokens-per-second-per-user.median > 20",
  ])("`%s` is none: only the runner can judge it", (text) => {
    expect(toK6Rule(parseRequirement(text, "`--require`"), true)).toBeUndefined();
    expect(() => toRequirementThresholds([parseRequirement(text, "")], [], true)).toThrow(
      "k6 alone cannot judge",
    );
  });

  it("a condition that ends the run is the opposite, looked at after ten seconds", () => {
    const [slow, failing] = ["ttft.p95 > 5s", "success < 90%"].map((text) => parseRequirement(text, ""));
    expect(toRequirementThresholds([], slow && failing ? [slow, failing] : [], true)).toEqual({
      llamacpp_ttft: [{ threshold: "p(95)<=5000", abortOnFail: true, delayAbortEval: "10s" }],
      llamacpp_success_rate: [{ threshold: "rate>=0.9", abortOnFail: true, delayAbortEval: "10s" }],
    });
  });
});
