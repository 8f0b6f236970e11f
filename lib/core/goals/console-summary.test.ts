import { expect, test } from "vitest";
import {
  isConsoleData,
  type K6SummaryData,
  SUMMARY_TREND_STATS,
  toConsoleSummary,
} from "./console-summary.ts";

const trend = {
  count: 3,
  avg: 100,
  min: 50.5,
  med: 90.25,
  max: 1234.5,
  "p(90)": 150,
  "p(95)": 160,
  "p(99)": 170,
};
const data: K6SummaryData = {
  state: { testRunDurationMs: 12_345 },
  metrics: {
    llamacpp_ttft: { type: "trend", values: trend },
    llamacpp_tpot: { type: "trend", values: { ...trend, count: 0 } },
    llamacpp_emit_first_token_second: { type: "trend", values: trend },
    llamacpp_completion_tokens_total_counter: { type: "counter", values: { count: 1536, rate: 12 } },
    llamacpp_completions_truncated_rate: {
      type: "rate",
      values: { rate: 0.9, passes: 27, fails: 3 },
      thresholds: { "rate<0.8": { ok: false } },
    },
    llamacpp_success_rate: {
      type: "rate",
      values: { rate: 0.75, passes: 30, fails: 10 },
      thresholds: { "rate>0": { ok: true } },
    },
    "llamacpp_success_rate{verdict:refused}": {
      type: "rate",
      values: { rate: 0, passes: 0, fails: 0 },
      thresholds: { "rate>=0": { ok: true } },
    },
    "llamacpp_success_rate{verdict:timeout}": {
      type: "rate",
      values: { rate: 0, passes: 0, fails: 3 },
      thresholds: { "rate>=0": { ok: true } },
    },
    "llamacpp_success_rate{verdict:cut}": {
      type: "rate",
      values: { rate: 0, passes: 0, fails: 7 },
      thresholds: { "rate>=0": { ok: true }, "rate>0.5": { ok: false } },
    },
    http_reqs: { type: "counter", values: { count: 40 } },
  },
};

test("prints our metrics with their units, the thresholds, and what failed", () => {
  const lines = toConsoleSummary(data).split("\n");
  expect(lines[1]).toBe("  30 of 40 requests complete, 10 failed (3 timeout, 7 cut) in 12.35 s");
  expect(lines.find((line) => line.includes("llamacpp_ttft"))).toMatch(
    /llamacpp_ttft \(ms\) +100\.0 +50\.50 +90\.25 +150\.0 +160\.0 +170\.0 +1,235$/,
  );
  expect(lines.find((line) => line.includes("total_counter"))).toMatch(/ 1,536 tokens$/);
  expect(lines).toContain("  ✗ FAILED  llamacpp_completions_truncated_rate: rate<0.8");
  expect(lines).toContain("  ✓ passed  llamacpp_success_rate: rate>0");
});

test("omits the thresholds that only count verdicts, but none that a user sets on the same part", () => {
  const text = toConsoleSummary(data);
  expect(text).not.toContain("rate>=0");
  expect(text).toContain("✗ FAILED  llamacpp_success_rate{verdict:cut}: rate>0.5");
});

test("shows how many failed if k6 ran without thresholds and kept no counts by verdict", () => {
  const { llamacpp_success_rate } = data.metrics;
  expect(toConsoleSummary({ metrics: { llamacpp_success_rate } as K6SummaryData["metrics"] })).toContain(
    "30 of 40 requests complete, 10 failed\n",
  );
});

test("omits trends without samples, second names and k6's own metrics", () => {
  const text = toConsoleSummary(data);
  expect(text).not.toContain("llamacpp_tpot");
  expect(text).not.toContain("emit_first_token");
  expect(text).not.toContain("http_reqs");
});

test("shows how many hung up on purpose, separately from those that are judged", () => {
  const metrics = { ...data.metrics, llamacpp_aborted_requests: { type: "counter", values: { count: 12 } } };
  expect(toConsoleSummary({ metrics })).toContain(
    "30 of 40 requests complete, 10 failed (3 timeout, 7 cut), 12 aborted on purpose\n",
  );
});

test("has the statistics that k6 was asked for by --summary-trend-stats", () => {
  const asked = { ...trend, "p(99.9)": 1200 };
  const metrics = { llamacpp_ttft: { type: "trend", values: asked } };
  const linesOf = (summaryTrendStats: string[]) =>
    toConsoleSummary({ metrics, options: { summaryTrendStats } }).split("\n").slice(3, 5);
  expect(linesOf(["med", "p(99.9)", "count"])).toEqual([
    "                        med  p(99.9)  count",
    "  llamacpp_ttft (ms)  90.25    1,200      3",
  ]);
  expect(linesOf([...SUMMARY_TREND_STATS, "p(99.9)"])[0]).toMatch(/ max +p\(99\.9\)$/);
});

test("reads only the data that handleSummary has by default", () => {
  expect(isConsoleData(data)).toBe(true);
  expect(isConsoleData({ metrics: [{ name: "llamacpp_ttft" }] } as unknown as K6SummaryData)).toBe(false);
});

test("reports a run without requests", () => {
  expect(toConsoleSummary({ metrics: {} })).toContain("0 of 0 requests complete");
});

test("shows how many arrivals were never sent", () => {
  const metrics = { ...data.metrics, dropped_iterations: { type: "counter", values: { count: 9 } } };
  expect(toConsoleSummary({ metrics })).toMatch(/ 10 failed \(3 timeout, 7 cut\), 9 never sent\n/);
});
