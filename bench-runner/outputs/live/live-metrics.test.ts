import { describe, expect, it } from "vitest";
import type { ProgressLine, RequestLine } from "../../../lib/core/request/facts.ts";
import { toVerdict, VERDICTS } from "../../../lib/core/request/verdict.ts";
import { mixed, request } from "../../../test/unit-support/examples/example-journal.ts";
import { readMetricLines, sumOf } from "../../../test/unit-support/examples/metric-lines.ts";
import { E2E_BUCKETS, LiveMetrics, TPOT_BUCKETS, TTFT_BUCKETS } from "./live-metrics.ts";

const run = { name: "a run", scenario: "script", version: "1.2.3" };
const progress = (tokens: number, inFlight = 0): ProgressLine => ({
  ...{ type: "progress", tMs: 1000, started: 0, inFlight, done: 0, failed: 0 },
  ...{ tokens, firstTokens: 0, firstTokenWaitMs: 0 },
});

/** From the facts only, by the formulas of the documentation. */
const FORMULAS: Record<string, { buckets: number[]; secondsOf: (line: RequestLine) => number | undefined }> =
  {
    server_bench_ttft_seconds: {
      buckets: TTFT_BUCKETS,
      secondsOf: ({ firstTokenMs = Number.NaN, sentMs = Number.NaN }) => (firstTokenMs - sentMs) / 1000,
    },
    server_bench_tpot_seconds: {
      buckets: TPOT_BUCKETS,
      secondsOf: ({ firstTokenMs = Number.NaN, lastTokenMs = Number.NaN, tokenEvents, fields }) => {
        const tokens = Number(fields.completionTokens ?? tokenEvents);
        return tokens < 2 || tokenEvents < 2 ? undefined : (lastTokenMs - firstTokenMs) / (tokens - 1) / 1000;
      },
    },
    server_bench_e2e_seconds: {
      buckets: E2E_BUCKETS,
      secondsOf: ({ endMs, sentMs = Number.NaN }) => (endMs - sentMs) / 1000,
    },
  };

describe("the runner's own metrics", () => {
  const lines = mixed(3000);
  const measured = lines.filter(({ labels }) => labels.phase === "measure");
  const complete = measured.filter((line) => toVerdict(line) === "complete");
  const metrics = new LiveMetrics(run);
  for (const line of lines) metrics.addRequest(line);

  it.each(Object.entries(FORMULAS))(
    "%s counts each value in its bucket",
    async (name, { buckets, secondsOf }) => {
      const text = await metrics.toText();
      const values = complete.map(secondsOf).filter((value) => value !== undefined);
      expect(values.length).toBeGreaterThan(1000);
      const phase = { phase: "measure" };
      for (const bound of buckets) {
        const below = values.filter((value) => value <= bound).length;
        expect(sumOf(text, `${name}_bucket`, { ...phase, le: String(bound) }), `up to ${bound}`).toBe(below);
      }
      expect(sumOf(text, `${name}_bucket`, { ...phase, le: "+Inf" })).toBe(values.length);
      expect(sumOf(text, `${name}_count`, phase)).toBe(values.length);
      expect(sumOf(text, `${name}_sum`, phase)).toBeCloseTo(
        values.reduce((sum, value) => sum + value, 0),
        6,
      );
    },
  );

  it("counts every request under its verdict, and the tokens of the complete ones", async () => {
    const text = await metrics.toText();
    for (const verdict of VERDICTS) {
      const count = lines.filter((line) => toVerdict(line) === verdict).length;
      expect(sumOf(text, "server_bench_requests_total", { verdict }), verdict).toBe(count);
    }
    const sum = (of: (line: RequestLine) => number) => complete.reduce((total, line) => total + of(line), 0);
    const phase = { phase: "measure" };
    expect(sumOf(text, "server_bench_prompt_tokens_total", phase)).toBe(
      sum(({ fields }) => Number(fields.promptTokens ?? 0)),
    );
    expect(sumOf(text, "server_bench_completion_tokens_total", phase)).toBe(
      sum(({ fields, tokenEvents }) => Number(fields.completionTokens ?? tokenEvents)),
    );
  });

  it("adds up the token events of consecutive runs of k6", async () => {
    const live = new LiveMetrics(run);
    live.startLoad(8);
    for (const tokens of [10, 30, 30]) live.addProgress(progress(tokens, 4));
    expect(sumOf(await live.toText(), "server_bench_in_flight")).toBe(4);
    live.endLoad();
    live.startLoad(16);
    live.addProgress(progress(5));
    const text = await live.toText();
    expect(sumOf(text, "server_bench_output_tokens_total")).toBe(35);
    expect(sumOf(text, "server_bench_clients")).toBe(16);
  });

  it("identifies the run", async () => {
    const text = await new LiveMetrics({ ...run, name: 'say "hi"\\\n' }).toText();
    expect(text).toContain(
      'server_bench_run_info{name="say \\"hi\\"\\\\\\n",scenario="script",version="1.2.3"} 1\n',
    );
  });

  it("has a label `task` only if rows have one, and at most 51 values of it", async () => {
    const live = new LiveMetrics(run);
    live.addRequest(request(1, 0));
    expect(await live.toText()).not.toContain("task=");
    for (let id = 0; id < 200; id += 1) live.addRequest(request(id, 0, { labels: { task: `task ${id}` } }));
    const text = await live.toText();
    const tasks = readMetricLines(text).flatMap(({ labels }) => labels.task ?? []);
    expect(new Set(tasks).size).toBe(51);
    expect(sumOf(text, "server_bench_requests_total", { task: "other" })).toBe(150);
    expect(sumOf(text, "server_bench_requests_total")).toBe(201);
  });

  it("accepts only known phases as labels", async () => {
    const live = new LiveMetrics(run);
    live.addRequest(request(1, 0, { labels: { phase: "of the moon" } }));
    expect(sumOf(await live.toText(), "server_bench_requests_total", { phase: "other" })).toBe(1);
  });
});
