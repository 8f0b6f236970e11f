import { expect, it } from "vitest";
import type { HeaderLine, ProgressLine } from "../../../lib/core/request/facts.ts";
import { toRequestMetrics } from "../../../lib/core/request/request-metrics.ts";
import { failed, request } from "../../../test/unit-support/examples/example-journal.ts";
import { LIVE_CHARTS, toLinesChart } from "./live-charts.ts";
import { HISTORY_MS, LiveHistory } from "./live-history.ts";

const header: HeaderLine = {
  ...{ type: "header", schema: "server-bench/records/1", epochUnixMs: 1_000_000, pid: 1 },
  ...{ k6Version: "v2", extensionVersion: "1", stamps: "kernel" },
};
const progress = (tMs: number, tokens: number, inFlight = 2): ProgressLine => ({
  ...{ type: "progress", tMs, started: 0, inFlight, done: 0, failed: 0 },
  ...{ tokens, firstTokens: 0, firstTokenWaitMs: 0 },
});

function start(): LiveHistory {
  const history = new LiveHistory();
  history.addHeader(header);
  return history;
}

/** `count` requests that end at this time; each takes `ttftMs` to its first token. */
function end(history: LiveHistory, count: number, endMs: number, ttftMs = 99): void {
  for (let id = 0; id < count; id += 1) {
    const line = request(id, endMs - 1000, { endMs, firstTokenMs: endMs - 999 + ttftMs });
    history.addRequest(line, toRequestMetrics(line));
  }
}

it("a point has the rates since the point before", () => {
  const history = start();
  end(history, 3, 1500);
  expect(history.addProgress(progress(2000, 50))).toEqual({
    atUnixMs: 1_002_000,
    ...{ requestsPerSecond: 3, outputTokensPerSecond: 50, failuresPerSecond: 0 }, // the first line comes after one second
    ...{ ttftP50Ms: 99, ttftP95Ms: 99, tpotP50Ms: 10, tpotP95Ms: 10, e2eP50Ms: 999, e2eP95Ms: 999 },
    ...{ inFlight: 2, completed: 3, failed: 0 },
  });
  end(history, 5, 3000);
  const refused = failed(9, 3000, "tcp");
  history.addRequest(refused, toRequestMetrics(refused));
  expect(history.addProgress(progress(4000, 150))).toMatchObject({
    ...{ requestsPerSecond: 2.5, outputTokensPerSecond: 50, failuresPerSecond: 0.5, completed: 8, failed: 1 },
  });
});

it("hanging up on purpose and the end of the run are not failures", () => {
  const history = start();
  for (const kind of ["aborted", "interrupted"] as const) {
    const line = failed(1, 500, kind);
    history.addRequest(line, toRequestMetrics(line));
  }
  expect(history.addProgress(progress(1000, 0))).toMatchObject({ failed: 0, completed: 0 });
});

it("TTFT is from requests that ended in the last 10 s, and absent without any", () => {
  const history = start();
  end(history, 1, 1000, 100);
  end(history, 1, 5000, 300);
  // Median of 100 and 300; 95 % of the way between them.
  expect(history.addProgress(progress(6000, 0))).toMatchObject({ ttftP50Ms: 200, ttftP95Ms: 290 });
  expect(history.addProgress(progress(12_000, 0))).toMatchObject({ ttftP50Ms: 300 });
  expect(history.addProgress(progress(15_001, 0))).not.toHaveProperty("ttftP50Ms");
});

it("a last line that comes at once replaces the one before it", () => {
  const history = start();
  history.addProgress(progress(1000, 0));
  end(history, 10, 2000);
  history.addProgress(progress(2000, 100));
  end(history, 2, 2200);
  const last = history.addProgress(progress(2200, 120, 0));
  expect(last).toMatchObject({ requestsPerSecond: 10, outputTokensPerSecond: 100, inFlight: 0 });
  expect(history.points).toHaveLength(2);
  expect(history.points[1]).toBe(last);
});

it("keeps ten minutes, over several loads with separate clocks", () => {
  const history = start();
  for (let second = 1; second <= 1000; second += 1) history.addProgress(progress(second * 1000, second));
  expect(history.points).toHaveLength(HISTORY_MS / 1000);
  history.addHeader({ ...header, epochUnixMs: 2_100_000 });
  end(history, 4, 500);
  const point = history.addProgress(progress(1000, 7));
  expect(point).toMatchObject({ atUnixMs: 2_101_000, requestsPerSecond: 4, outputTokensPerSecond: 7 });
  expect(history.points.at(-1)).toBe(point);
});

it("charts of times have units and the limits of their own objective", () => {
  const history = start();
  end(history, 3, 1500);
  const points = [history.addProgress(progress(2000, 50))];
  const charts = LIVE_CHARTS.map((chart) =>
    toLinesChart(chart, points, [
      { metric: "ttft", limitMs: 200 },
      { metric: "e2e", limitMs: 1500 },
    ]),
  ).filter(({ y }) => y.unit === "ms");
  const mark = (at: number, label: string) => [{ axis: "y", at, label }];
  expect(
    charts.map(({ id, marks, series }) => [id, marks, series.map(({ points }) => points[0]?.y)]),
  ).toEqual([
    ["ttft", mark(200, "SLO 200.0 ms"), [99, 99]],
    ["tpot", [], [10, 10]],
    ["e2e", mark(1500, "SLO 1,500 ms"), [999, 999]],
  ]);
});
