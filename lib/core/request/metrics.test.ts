import { describe, expect, test } from "vitest";
import { isForCountOnly, toThresholds, toTruncatedLimit } from "../goals/thresholds.ts";
import { K6_METRICS, type K6Metric } from "./k6-metrics.ts";
import { METRICS, type Metric, type MetricKey } from "./metrics.ts";
import type { RequestMetrics } from "./request-metrics.ts";
import { sampleOf as toSample } from "./sample.ts";

const complete: RequestMetrics = { verdict: "complete", ttftMs: 250, truncated: false, promptTokens: 7 };
const cut: RequestMetrics = { verdict: "cut", ttftMs: 250, promptTokens: 7 };

const sampleOf = (key: MetricKey, metrics: RequestMetrics) =>
  toSample(K6_METRICS.find((metric) => metric.key === key) as K6Metric, metrics);

describe("METRICS", () => {
  test("has llama.cpp's names, with their units", () => {
    const named = Object.fromEntries(K6_METRICS.map((metric) => [metric.k6Name, metric]));
    for (const name of ["tokens_second", "prompt_tokens", "completion_tokens"]) {
      expect(named[`llamacpp_${name}`]?.type).toBe("trend");
    }
    expect(named.llamacpp_prompt_tokens_total_counter?.type).toBe("counter");
    expect(named.llamacpp_completion_tokens_total_counter?.type).toBe("counter");
    expect(named.llamacpp_completions_truncated_rate?.type).toBe("rate");
    expect(named.llamacpp_completions_stop_rate?.type).toBe("rate");
    expect(sampleOf("emitFirstTokenSecond", complete)).toBe(0.25);
    expect(named.llamacpp_prompt_processing_second?.unit).toBe("tokens/s");
  });

  test("has no k6 name twice, and a title for every row", () => {
    const names = K6_METRICS.map(({ k6Name }) => k6Name);
    expect(new Set(names).size).toBe(names.length);
    for (const [key, { about }] of Object.entries<Metric>(METRICS)) expect(about.title, key).toBeTruthy();
  });
});

describe("sampleOf", () => {
  test("a complete request gives its values", () => {
    expect(sampleOf("ttft", complete)).toBe(250);
    expect(sampleOf("truncated", complete)).toBe(false);
    expect(sampleOf("success", complete)).toBe(true);
  });
  test("a failed request counts in the success rate and nowhere else", () => {
    expect(sampleOf("ttft", cut)).toBeUndefined();
    expect(sampleOf("promptTokensTotal", cut)).toBeUndefined();
    expect(sampleOf("success", cut)).toBe(false);
  });
  test("a request that we or the end of the run stopped counts nowhere", () => {
    expect(sampleOf("success", { verdict: "interrupted" })).toBeUndefined();
    expect(sampleOf("success", { verdict: "aborted" })).toBeUndefined();
  });
  test("a request that hung up on purpose is counted as such, and no other is", () => {
    expect(sampleOf("aborted", { verdict: "aborted", aborted: 1 })).toBe(1);
    expect(sampleOf("aborted", complete)).toBeUndefined();
    expect(sampleOf("aborted", cut)).toBeUndefined();
  });
});

describe("toThresholds", () => {
  const deciding = (truncatedLimit: number) =>
    Object.fromEntries(
      Object.entries(toThresholds({ truncatedLimit })).filter(
        ([metric, rules]) => !rules.every((rule) => isForCountOnly(metric, rule as string)),
      ),
    );
  test("a limit below 1 is judged at the end: it never ends a run", () => {
    expect(deciding(0.8)).toEqual({
      llamacpp_completed_requests: ["count>0"],
      llamacpp_completions_truncated_rate: ["rate<0.8"],
    });
  });
  test("the default limit is that of the plain closed loop, and none where the lengths are given", () => {
    expect(
      (["plain", "closed", "open"] as const).map((kind) => toTruncatedLimit(undefined, kind, false)),
    ).toEqual([0.8, 1, 1]);
    expect(toTruncatedLimit(0.5, "open", false)).toBe(0.5);
    expect(toTruncatedLimit(undefined, "plain", true)).toBe(1);
  });
  test("a limit of 1 is no limit, but something must still complete", () => {
    expect(deciding(1)).toEqual({ llamacpp_completed_requests: ["count>0"] });
  });
  test("every verdict that fails a request has a threshold that always passes, so that k6 counts it apart", () => {
    const thresholds = toThresholds({ truncatedLimit: 1 });
    expect(thresholds["llamacpp_success_rate{verdict:refused}"]).toEqual(["rate>=0"]);
    expect(thresholds["llamacpp_success_rate{verdict:timeout}"]).toEqual(["rate>=0"]);
    for (const verdict of ["complete", "interrupted", "aborted"]) {
      expect(thresholds).not.toHaveProperty([`llamacpp_success_rate{verdict:${verdict}}`]);
    }
  });
});
