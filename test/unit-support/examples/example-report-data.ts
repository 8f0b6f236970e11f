// Data of a small run with something of every kind, for the tests of charts and page; every number follows from its position.
import type {
  Band,
  Distribution,
  ReportData,
  SampledSeries,
  Timeline,
  TimeSeries,
} from "../../../bench-runner/summary/series/report-data.ts";

const SECONDS = Array.from({ length: 30 }, (_, second) => second + 0.5);

/** @param more parts that replace those of the example */
export function exampleReportData(more: Partial<ReportData> = {}): ReportData {
  return {
    schema: "server-bench/report-data/1",
    requests: 100,
    rules: ["Every request is in the charts.", "Intervals are one second long."],
    distributions: [
      exampleDistribution("ttft", "TTFT", 80),
      exampleDistribution("tpot", "TPOT", 10),
      exampleDistribution("itl", "ITL", 8),
      exampleDistribution("e2e", "E2E", 900),
    ],
    time: exampleTime(),
    scatter: {
      points: Array.from({ length: 60 }, (_, n) => [20 + n * 5, 80 + n * 6 + (n % 7) * 9, 1 + (n % 3)]),
    },
    queueing: { scheduleDelayMs: exampleBand(2), headersMs: exampleBand(20) },
    series: [
      exampleSeries("busySlots", "Busy slots", "server", "count"),
      exampleSeries("deferred", "Waiting requests", "server", "count"),
      exampleSeries("serverCpu", "CPU of the server", "machine", "cores"),
      exampleSeries("serverMemory", "Memory of the server", "machine", "bytes", 3e8),
    ],
    slowest: Array.from({ length: 10 }, (_, n) => exampleTimeline(n)),
    ...more,
  };
}

/** Bins that grow by a fifth, most requests in the fourth of them. */
export function exampleDistribution(key: Distribution["key"], label: string, fromMs: number): Distribution {
  const edges = Array.from({ length: 21 }, (_, n) => fromMs * 1.2 ** n);
  const counts = edges.slice(1).map((_, n) => Math.round(100 * Math.exp(-((n - 4) ** 2) / 18)));
  const total = counts.reduce((sum, count) => sum + count, 0);
  let below = 0;
  return {
    key,
    label,
    isLog: true,
    bins: counts.map((count, n) => [edges[n] as number, edges[n + 1] as number, count]),
    cdf: counts.map((count, n) => {
      below += count;
      return [edges[n + 1] as number, below / total];
    }),
    marks: [
      { name: "p50", ms: fromMs * 2.4, isUncertain: false },
      { name: "p90", ms: fromMs * 6, isUncertain: false, certifiedMs: fromMs * 9 },
      { name: "p95", ms: fromMs * 8, isUncertain: true },
      { name: "p99", ms: fromMs * 20, isUncertain: true },
    ],
  };
}

/** Five seconds of warm-up, two of cool-down; the tenth second has no request. */
export function exampleTime(): TimeSeries {
  return {
    stepSeconds: 1,
    seconds: SECONDS,
    phases: [
      { name: "warmup", from: 0, to: 5 },
      { name: "measure", from: 5, to: 28 },
      { name: "cooldown", from: 28, to: 30 },
    ],
    ttftMs: exampleBand(100),
    e2eMs: exampleBand(1000),
    requestsPerSecond: { stepSeconds: 1, seconds: SECONDS, values: SECONDS.map((_, n) => 3 + (n % 4)) },
    outputTokensPerSecond: SECONDS.map((_, n) => 90 + (n % 6) * 5),
    inFlight: SECONDS.map((_, n) => Math.min(4, n + 1)),
    failures: [
      { verdict: "cut", counts: SECONDS.map((_, n) => (n === 12 ? 5 : 0)) },
      { verdict: "refused", counts: SECONDS.map((_, n) => (n === 12 || n === 13 ? 2 : 0)) },
    ],
  };
}

export function exampleBand(ms: number): Band {
  const of = (factor: number) => SECONDS.map((_, n) => (n === 10 ? null : ms * factor * (1 + (n % 5) / 10)));
  return { p50: of(1), p95: of(2), max: of(3), single: [[10.25, ms]] };
}

function exampleSeries(
  key: string,
  label: string,
  group: SampledSeries["group"],
  unit: SampledSeries["unit"],
  scale = 1,
): SampledSeries {
  return { key, label, group, unit, points: SECONDS.map((second, n) => [second, scale * (1 + (n % 4))]) };
}

/** The third one failed before its first token, the fourth in the middle. */
function exampleTimeline(n: number): Timeline {
  const endMs = 3000 - n * 100;
  const base = {
    row: String(n),
    client: String(n % 4),
    startSeconds: n,
    sentMs: 1,
    headersMs: 200 + n * 30,
    endMs,
  };
  if (n === 2) return { ...base, verdict: "timeout", tokensMs: [] };
  return {
    ...base,
    verdict: n === 3 ? "cut" : "complete",
    firstTokenMs: 400 + n * 30,
    lastTokenMs: endMs - 20,
    tokensMs: Array.from({ length: 40 }, (_, token) => 400 + n * 30 + (token * (endMs - 420 - n * 30)) / 39),
    promptTokens: 40 + n,
    ...(n !== 3 && { completionTokens: 40 }),
  };
}
