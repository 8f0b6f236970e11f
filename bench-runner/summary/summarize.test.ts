import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { JournalLine } from "../../lib/core/request/facts.ts";
import {
  config,
  failed,
  mixed,
  outcome,
  progress,
  request,
  writeJournal,
} from "../../test/unit-support/examples/example-journal.ts";
import { createSchemaCheck } from "../../test/unit-support/examples/schema-check.ts";
import { compareWithJournal } from "../../test/unit-support/oracle/verify-summary.ts";
import type { RunInput } from "./run-input.ts";
import { summarize } from "./summarize.ts";

const folder = mkdtempSync(join(tmpdir(), "summarize-"));
afterAll(() => rmSync(folder, { recursive: true }));

const summaryFaults = createSchemaCheck("summary");
const recordFaults = createSchemaCheck("record");
const path = join(folder, "records.jsonl");

async function toSummary(lines: JournalLine[], more: Partial<RunInput> = {}, closed = true) {
  writeJournal(path, lines, closed);
  const summary = await summarize({ records: path, config, outcome, ...more });
  expect(summaryFaults(summary)).toBe("");
  return summary;
}

describe("summarize", () => {
  test("every number follows from the journal by an independent calculation, also if the duration cuts requests off", async () => {
    const lines = mixed(1500);
    for (const line of lines) expect(recordFaults(line)).toBe("");
    for (const durationSeconds of [600, 20]) {
      const summary = await toSummary(lines, { config: { ...config, durationSeconds, iterations: 5000 } });
      expect(summary.window?.endedBy).toBe(durationSeconds === 20 ? "duration" : "requests");
      expect(summary.metrics.ttft?.certified?.p99).toBeGreaterThanOrEqual(
        summary.metrics.ttft?.p99 as number,
      );
      expect(summary.steady).toEqual({ absent: "in an open loop clients wait for arrivals" });
      expect(compareWithJournal(summary, path)).toEqual([]);
    }
  });

  test("so does every number of the steady state of a closed loop", async () => {
    const lines = mixed(1500).map(({ scheduledMs: _, ...line }) => line);
    const summary = await toSummary(lines, { config: { ...config, durationSeconds: 20, iterations: 5000 } });
    expect(summary.steady).toMatchObject({ requests: expect.any(Number), metrics: { itl: {}, ttft: {} } });
    expect(compareWithJournal(summary, path)).toEqual([]);
  });

  test("the comparison with the journal detects a wrong number", async () => {
    const summary = await toSummary(mixed(50));
    (summary.metrics.ttft as { p90: number }).p90 += 0.001;
    summary.tokens.prompt = 1;
    expect(compareWithJournal(summary, path)).toEqual([
      expect.stringMatching(/^metrics\.ttft\.p90: /),
      expect.stringMatching(/^tokens\.prompt: the summary says 1,/),
    ]);
  });

  test("requests that k6 took with it are counted, by its last progress line and by the numbers of those it wrote", async () => {
    const died = { ...outcome, partial: true, reason: "k6 was ended by SIGKILL" };
    const lines = [request(1, 0), progress(1000, 5, 2), request(3, 865), request(7, 900)];
    const summary = await toSummary(lines, { outcome: died }, false);
    expect(summary.requests).toMatchObject({ started: 7, lost: 4, inFlight: 3, measured: 3 });
    expect(summary.run.partialReason).toBe(
      "k6 was ended by SIGKILL; at least 4 requests that had started were lost",
    );
    expect(summary.warnings).toContainEqual(
      expect.objectContaining({
        code: "lost_requests",
        text: expect.stringContaining("3 of which were open"),
      }),
    );
  });

  test("lines that are missing from a journal that was closed make it partial", async () => {
    writeJournal(path, [request(1, 0)], false);
    appendFileSync(path, `${JSON.stringify({ type: "end", tMs: 9, requests: 3 })}\n`);
    const { requests, run } = await summarize({ records: path, config, outcome });
    expect(requests).toMatchObject({ started: 3, lost: 2, measured: 1 });
    expect(requests).not.toHaveProperty("inFlight");
    expect(run).toMatchObject({
      partial: true,
      partialReason: "lines of the journal are missing: 2 requests that had started were lost",
    });
  });

  test("two requests: the arithmetic by hand", async () => {
    const summary = await toSummary([
      request(1, 0),
      request(2, 865, { firstTokenMs: 985, gapsUs: [5000, 5000, 0] }),
    ]);
    // TTFT 99 and 119; window 0 … 1000 ms; 2 requests, 8 tokens out, 40 in
    expect(summary.window).toEqual({ startMs: 0, endMs: 1000, seconds: 1, endedBy: "requests" });
    expect(summary.metrics.ttft).toMatchObject({ count: 2, min: 99, mean: 109, median: 109, max: 119 });
    expect(summary.metrics.tpot?.mean).toBeCloseTo((10 + 10 / 3) / 2, 9);
    expect(summary.throughput).toEqual({
      requestsPerSecond: 2,
      outputTokensPerSecond: 8,
      totalTokensPerSecond: 48,
    });
    expect(summary.metrics.itl).toMatchObject({ count: 6, min: 0, max: 10, mean: 40 / 6 });
    expect(summary.rates).toEqual({ success: 1, truncated: 0, stopped: 1 });
    expect(summary.run).toMatchObject({ scenario: "script", branch: "main", partial: false });
  });

  test("the planned end of the duration closes the window, so later tokens and ends do not count", async () => {
    // 1 s from the first start; the second request's tokens come at 990, 1000, 1010 and 1020 ms, of which one is inside.
    const lines = [request(1, 0), request(2, 890)];
    const summary = await toSummary(lines, { config: { ...config, durationSeconds: 1 } });
    expect(summary.window).toEqual({ startMs: 0, endMs: 1000, seconds: 1, endedBy: "duration" });
    expect(summary.throughput).toEqual({
      requestsPerSecond: 1,
      outputTokensPerSecond: 5,
      totalTokensPerSecond: 45,
    });
  });

  test("an answer without a list of gaps counts by seconds, a partly covered second in proportion", async () => {
    const { gapsUs: _, ...long } = request(2, 500, {
      firstTokenMs: 600,
      lastTokenMs: 3500,
      endMs: 3600,
      tokenEvents: 40,
      fields: { completionTokens: 80, promptTokens: 1, totalTokens: 81, finishReason: "stop" },
      tokensBySecond: [
        [0, 10],
        [1, 20],
        [2, 10],
      ],
      gapHistogramUs: [[50_000, 39]],
    });
    const summary = await toSummary([request(1, 0), long], { config: { ...config, durationSeconds: 1.5 } });
    // 4 of the first; 10 + 20 / 2 events of the other, two tokens each
    expect(summary.throughput?.outputTokensPerSecond).toBeCloseTo((4 + 20 * 2) / 1.5, 9);
    expect(summary.metrics.itl?.count).toBe(42);
  });

  test("failures are counted apart from the latencies, with an example of each kind", async () => {
    const { error: _, ...busy } = failed(4, 30, "tcp", { status: 503, body: '{"error":"busy"}' });
    const summary = await toSummary([request(1, 0), failed(2, 10, "tcp"), failed(3, 20, "tcp"), busy]);
    expect(summary.requests.byVerdict).toEqual({ complete: 1, refused: 2, http_error: 1 });
    expect(summary.metrics.ttft?.count).toBe(1);
    expect(summary.rates.success).toBe(0.25);
    expect(summary.errors).toEqual([
      { verdict: "refused", kind: "tcp", count: 2, example: "tcp happened" },
      { verdict: "http_error", kind: "503", count: 1, example: '{"error":"busy"}' },
    ]);
  });

  test("if nothing completed there is no latency, no rate, and a warning", async () => {
    const summary = await toSummary([failed(1, 0, "tcp")]);
    expect(summary.metrics).toEqual({});
    expect(summary.rates).toEqual({ success: 0 });
    expect(summary.warnings[0]?.code).toBe("nothing_completed");
  });

  test("an empty journal still becomes a summary", async () => {
    const summary = await toSummary([], {}, false);
    expect(summary.window).toBeUndefined();
    expect(summary.throughput).toBeUndefined();
    expect(summary.run).toMatchObject({
      partial: true,
      partialReason: "the journal was not closed properly",
    });
  });

  test("a threshold that ended the run is named", async () => {
    const rule = { "rate<0.1": { ok: false }, "rate<0.5": { ok: true } };
    const summary = await toSummary([request(1, 0)], {
      outcome: { ...outcome, partial: true, reason: "a failed threshold ended the run", k6ExitCode: 99 },
      k6Summary: { metrics: { http_req_failed: { type: "rate", values: { rate: 0.2 }, thresholds: rule } } },
    });
    expect(summary.run.partialReason).toBe("a failed threshold ended the run: `http_req_failed: rate<0.1`");
  });

  test("other phases are excluded from all statistics, but included in the reconciliation with the server", async () => {
    const warmup = request(1, 0, { labels: { phase: "warmup" }, firstTokenMs: 9 });
    const summary = await toSummary([warmup, request(2, 500)], {
      samples: { scrapes: [], hosts: [], before: counters(0, 0, 0), after: counters(30, 10, 8) },
    });
    expect(summary.requests).toMatchObject({ started: 2, measured: 1 });
    expect(summary.metrics.ttft).toMatchObject({ count: 1, max: 99 });
    expect(summary.reconciliation.verdict).toBe("exact");
  });
});

function counters(prompt: number, cached: number, predicted: number): Map<string, number> {
  return new Map([
    ["llamacpp:prompt_tokens_total", prompt],
    ["llamacpp:prompt_tokens_cached_total", cached],
    ["llamacpp:tokens_predicted_total", predicted],
  ]);
}
