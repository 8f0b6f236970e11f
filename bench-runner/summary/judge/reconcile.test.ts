import { describe, expect, test } from "vitest";
import type { K6SummaryData } from "../../../lib/core/goals/console-summary.ts";
import { crossCheck, type JournalTotals } from "./cross-check.ts";
import { type ClientTotals, reconcile } from "./reconcile.ts";

const counters = (prompt: number, cached: number, predicted: number) =>
  new Map([
    ["llamacpp:prompt_tokens_total", prompt],
    ["llamacpp:prompt_tokens_cached_total", cached],
    ["llamacpp:tokens_predicted_total", predicted],
  ]);
const client: ClientTotals = {
  promptTokens: 450,
  completionTokens: 360,
  unsettled: 0,
  unsettledPromptTokens: 0,
  unsettledCompletionTokens: 0,
};
const unsettled = { ...client, unsettled: 1, unsettledPromptTokens: 300, unsettledCompletionTokens: 64 };
const before = counters(1000, 100, 500);

describe("reconcile", () => {
  test.each([
    ["the same sums are exact, cached prompt tokens included", client, counters(1131, 419, 860), "exact"],
    ["one token more on the server is off", client, counters(1131, 419, 861), "off"],
    [
      "one token more is within bounds if a request was cut off",
      unsettled,
      counters(1131, 419, 861),
      "within_bounds",
    ],
    ["more tokens than the cut request can have cost are off", unsettled, counters(1131, 419, 925), "off"],
    ["a server behind the client is off", unsettled, counters(1130, 419, 860), "off"],
  ])("%s", (_sentence, totals, after, verdict) => {
    expect(reconcile(before, after, totals).verdict).toBe(verdict);
  });

  test("gives the difference", () => {
    expect(reconcile(before, counters(1131, 419, 900), client).completionTokens).toEqual({
      client: 360,
      server: 400,
      difference: 40,
      allowed: 0,
    });
  });

  test.each([
    ["without counters", undefined, undefined, /could not be read/],
    [
      "if vLLM has no counter of prompts",
      new Map([["vllm:x", 1]]),
      new Map([["vllm:x", 2]]),
      /no `vllm:prompt_tokens_total`/,
    ],
    [
      "with counters of an unknown server",
      new Map([["x", 1]]),
      new Map([["x", 2]]),
      /no name of llama-server, vLLM or SGLang/,
    ],
    ["after a restart", before, counters(5, 5, 5), /restarted/],
  ])("is unavailable %s, with the reason", (_sentence, first, last, reason) => {
    expect(reconcile(first, last, client)).toMatchObject({
      verdict: "unavailable",
      reason: expect.stringMatching(reason),
    });
  });
});

describe("reconcile with vLLM and SGLang, whose counters include cached prompt tokens", () => {
  const vllm = (prompt: number, generated: number) =>
    new Map([
      // Two engines, and a counter that must not be added.
      ['vllm:prompt_tokens_total{engine="0"}', prompt - 40],
      ['vllm:prompt_tokens_total{engine="1"}', 40],
      ['vllm:prompt_tokens_cached_total{engine="0"}', prompt / 2],
      ['vllm:generation_tokens_total{engine="0"}', generated],
    ]);
  const sglang = (prompt: number, generated: number) =>
    new Map([
      ["sglang:token_usage", 0.5],
      ['sglang:prompt_tokens_total{model_name="m"}', prompt],
      ['sglang:generation_tokens_total{model_name="m"}', generated],
    ]);

  test.each([
    ["vLLM, exact", vllm(1000, 100), vllm(1450, 460), client, "exact"],
    [
      "vLLM ahead by what a cut request may have cost",
      vllm(1000, 100),
      vllm(1700, 500),
      unsettled,
      "within_bounds",
    ],
    ["SGLang, exact", sglang(1000, 100), sglang(1450, 460), client, "exact"],
    [
      "SGLang before its first request",
      new Map([["sglang:token_usage", 0]]),
      sglang(450, 360),
      client,
      "exact",
    ],
  ])("%s", (_sentence, first, last, totals, verdict) => {
    expect(reconcile(first, last, totals).verdict).toBe(verdict);
  });

  test.each([
    ["vLLM", vllm],
    ["SGLang", sglang],
  ])("takes a difference of %s for a finding", (_name, counters) => {
    expect(reconcile(counters(1000, 100), counters(1450, 463), client)).toMatchObject({
      verdict: "off",
      completionTokens: { difference: 3, allowed: 0 },
    });
  });

  test("expects vLLM to count a prompt once for each of its answers, SGLang once more", () => {
    expect(reconcile(vllm(1000, 100), vllm(1900, 460), client, 2).verdict).toBe("exact");
    expect(reconcile(vllm(1000, 100), vllm(1450, 460), client, 2).verdict).toBe("off");
    expect(reconcile(sglang(1000, 100), sglang(2350, 460), client, 2).verdict).toBe("exact");
    expect(reconcile(sglang(1000, 100), sglang(1900, 460), client, 2).verdict).toBe("off");
  });

  test("detects a restart", () => {
    expect(reconcile(sglang(1000, 100), sglang(450, 460), client).reason).toMatch(/restarted/);
  });
});

describe("crossCheck", () => {
  const statistics = { count: 3, min: 1, mean: 2, max: 3, median: 2, p90: 2.8, p95: 2.9, p99: 2.98 };
  const journal: JournalTotals = {
    trends: { ttft: statistics },
    complete: 3,
    failed: 1,
    gaps: 12,
    interrupted: 0,
  };
  const k6 = (ttft: Record<string, number>, passes = 3, gaps = 12): K6SummaryData => ({
    metrics: {
      llamacpp_ttft: { type: "trend", values: ttft },
      llamacpp_itl: { type: "trend", values: { count: gaps } },
      llamacpp_success_rate: { type: "rate", values: { passes, fails: 1 } },
    },
  });
  const same = { count: 3, avg: 2, min: 1, med: 2, max: 3, "p(90)": 2.8, "p(95)": 2.9, "p(99)": 2.98 };

  test.each([
    ["the same figures are exact", journal, k6(same), "exact"],
    ["another percentile is off", journal, k6({ ...same, "p(90)": 2.9 }), "off"],
    ["a sample that k6 lost is off", journal, k6({ ...same, count: 2 }, 2), "off"],
    [
      "a request interrupted by the end of the run is within bounds",
      { ...journal, interrupted: 1 },
      k6({ ...same, count: 2 }, 2, 8),
      "within_bounds",
    ],
    [
      "more requests in k6 than in the journal are off",
      { ...journal, interrupted: 1 },
      k6({ ...same, count: 4 }),
      "off",
    ],
    ["a missing k6 summary is unavailable", journal, undefined, "unavailable"],
  ] as [string, JournalTotals, K6SummaryData | undefined, string][])(
    "%s",
    (_sentence, totals, data, verdict) => {
      expect(crossCheck(totals, data).verdict).toBe(verdict);
    },
  );

  test("gives the metric, the statistic and both figures", () => {
    expect(crossCheck(journal, k6({ ...same, max: 4 })).differences).toEqual([
      { metric: "llamacpp_ttft", statistic: "max", journal: 3, k6: 4 },
    ]);
  });
});
