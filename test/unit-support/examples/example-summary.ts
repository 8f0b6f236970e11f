// A small, complete summary with plain numbers, for the tests of renderers and warnings.
import type { Statistics } from "../../../bench-runner/statistics/statistics.ts";
import type { Group, Summary } from "../../../bench-runner/summary/summary.ts";

/** @param more parts that replace those of the example */
export function exampleSummary(more: Partial<Summary> = {}): Summary {
  return {
    schema: "server-bench/summary/1",
    run: {
      name: "local",
      commit: "abc1234",
      scenario: "script",
      start: "2026-01-02T03:04:05.000Z",
      end: "2026-01-02T03:05:05.000Z",
      partial: false,
      k6ExitCode: 0,
    },
    configuration: {
      serverUrl: "http://127.0.0.1:8080",
      serverStartedHere: true,
      kind: "plain",
      vus: 4,
      iterations: 100,
      durationSeconds: 600,
      values: { maxTokens: 64, stop: ["a|b"] },
    },
    window: { startMs: 0, endMs: 60_000, seconds: 60, endedBy: "requests" },
    requests: { started: 100, measured: 100, byVerdict: { complete: 97, cut: 3 }, byFlag: { truncated: 40 } },
    errors: [{ verdict: "cut", kind: "reset", count: 3, example: "connection reset by peer" }],
    metrics: {
      ttft: {
        count: 97,
        min: 80,
        mean: 120.5,
        max: 400,
        standardDeviation: 30.25,
        median: 110,
        p90: 200,
        p95: 250,
        p99: 390,
        certified: { p90: 260 },
      },
      itl: { count: 4000, min: 1, mean: 10, max: 60, median: 9.5, p90: 15, p95: 20, p99: 40 },
    },
    histograms: {
      ttft: {
        bins: [
          [80, 100, 20],
          [100, 125, 48],
          [125, 200, 20],
          [200, 300, 8],
          [300, 400, 1],
        ],
      },
    },
    throughput: { requestsPerSecond: 1.6167, outputTokensPerSecond: 80.5, totalTokensPerSecond: 190.25 },
    steady: {
      startMs: 1000,
      endMs: 42_200,
      seconds: 41.2,
      requests: 70,
      metrics: {
        ttft: { count: 70, min: 90, mean: 118.5, max: 300, median: 112, p90: 190, p95: 240, p99: 298 },
        itl: { count: 3000, min: 1, mean: 10.5, max: 60, median: 9.75, p90: 15, p95: 20, p99: 40 },
      },
      throughput: { requestsPerSecond: 1.75, outputTokensPerSecond: 88.25, totalTokensPerSecond: 201.5 },
    },
    rates: { success: 0.97, truncated: 0.4124, stopped: 0.5876 },
    tokens: { prompt: 6600, cached: 600, completion: 4830, estimatedRequests: 0 },
    precision: {
      stamps: { packet: 0, kernel: 100, user: 0 },
      stampLagMs: { mean: 0.05, p99: 0.4, max: 2 },
      sendDelayMs: { mean: 0.03, p99: 0.2, max: 1.5 },
      mergedTokensShare: 0.001,
      tokensPerEvent: 1.01,
      readsPerEvent: 0.99,
    },
    connections: { opened: 6, reused: 94, retried: 0 },
    client: { k6CpuSeconds: 1.25, k6CpuCores: 0.02, k6PeakMemoryBytes: 52_000_000, logicalCores: 2 },
    host: { cpuCores: { mean: 1.9, max: 2 }, logicalCores: 2 },
    server: {
      promptTokensPerSecond: 100.5,
      generatedTokensPerSecond: 80.25,
      cachedPromptTokensShare: 0.0909,
      busySlotsPerDecode: { mean: 3.9, max: 4 },
      requestsProcessing: { mean: 3.75, max: 4 },
      requestsDeferred: { mean: 0.5, max: 2 },
      process: { cpuSeconds: 98.5, cpuCores: 1.64, peakMemoryBytes: 301_000_000 },
      absent: [],
    },
    thresholds: [
      { metric: "llamacpp_success_rate", rule: "rate>0", ok: true },
      { metric: "llamacpp_completions_truncated_rate", rule: "rate<0.4", ok: false },
    ],
    reconciliation: { verdict: "exact" },
    crossCheck: { verdict: "exact", differences: [] },
    warnings: [{ code: "few_requests", text: "97 requests are too few.", remedy: "Send more." }],
    ...more,
  };
}

/** Statistics that differ only in the values that tables show. */
function around(median: number, p95: number, mean: number = median): Statistics {
  return { count: 48, min: median / 2, mean, max: p95 * 1.1, median, p90: p95 * 0.9, p95, p99: p95 * 1.05 };
}

function exampleGroup(name: string, ttftMs: number, more: Partial<Group> = {}): Group {
  return {
    name,
    requests: 50,
    byVerdict: { complete: 48, cut: 2 },
    rates: { success: 0.96, truncated: 0.25, stopped: 0.75 },
    tokens: { prompt: 4800, cached: 1200, completion: 2400, estimatedRequests: 0 },
    metrics: {
      ttft: around(ttftMs, ttftMs * 3),
      tpot: around(12.5, 20),
      e2e: around(1250, 4000),
      promptTokens: around(90, 180, 100),
      completionTokens: around(60, 64, 50.25),
    },
    ...more,
  };
}

/** The additional parts of the summary of a run with several tasks, conversations and prepared prompts. */
export function exampleGroups(): Pick<Summary, "groups" | "conversations" | "prompts"> {
  return {
    groups: {
      task: [exampleGroup("chat", 80), exampleGroup("summarization", 400)],
      turn: [
        exampleGroup("1", 150, {
          tokens: { prompt: 4800, cached: 0, completion: 2400, estimatedRequests: 0 },
        }),
        exampleGroup("2", 60),
      ],
    },
    conversations: {
      ...{ started: 50, completed: 46, failed: 2, interrupted: 2 },
      ...{ turnsSent: 98, turnsUnsent: 3, meanTurns: 1.96 },
    },
    prompts: {
      source: "own.jsonl",
      rows: 40,
      countedBy: "server",
      counter: "the server's /tokenize",
      whenOut: "repeat",
      conversations: true,
      longestAnswer: 64,
      repeated: true,
    },
  };
}
