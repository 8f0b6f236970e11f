import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, describe, expect, test } from "vitest";
import type { ErrorKind, JournalLine, RequestLine } from "../lib/core/facts.ts";
import { createRandom } from "../lib/core/random.ts";
import type { ConfigFile, OutcomeFile } from "./run-files.ts";
import { type RunInput, summarize } from "./summarize.ts";
import { compareWithJournal } from "./verify-summary.ts";

const folder = mkdtempSync(join(tmpdir(), "summarize-"));
afterAll(() => rmSync(folder, { recursive: true }));

function validator(name: string) {
  const schema = JSON.parse(
    readFileSync(new URL(`../docs/schemas/${name}.schema.json`, import.meta.url), "utf8"),
  );
  return new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(schema);
}
const validateSummary = validator("summary");
const validateRecord = validator("record");

const config: ConfigFile = {
  schema: "server-bench/config/1",
  name: "test",
  serverStartedHere: true,
  serverUrl: "http://127.0.0.1:8080",
  scenario: "/some/where/dist/script.js",
  kind: "plain",
  vus: 8,
  iterations: 5,
  durationSeconds: 600,
  values: { maxTokens: 64, branch: "main" },
  origins: {},
  commands: {},
};
const outcome: OutcomeFile = {
  schema: "server-bench/outcome/1",
  startedUnixMs: 1_700_000_000_000,
  endedUnixMs: 1_700_000_060_000,
  partial: false,
  k6ExitCode: 0,
  serverMetrics: false,
};

const header: JournalLine = {
  type: "header",
  schema: "server-bench/records/1",
  epochUnixMs: 1_700_000_000_000,
  pid: 1,
  k6Version: "v2.2.0",
  extensionVersion: "0.1.0",
  stamps: "kernel",
};

/** A complete request: sent 1 ms after its start, 4 tokens 10 ms apart from 100 ms on, usage 20 + 4. */
function request(id: number, startMs: number, more: Partial<RequestLine> = {}): RequestLine {
  return {
    type: "request",
    id,
    vu: 1,
    iteration: id,
    scenario: "default",
    labels: {},
    startMs,
    sentMs: startMs + 1,
    headersMs: startMs + 20,
    firstTokenMs: startMs + 100,
    firstContentMs: startMs + 100,
    lastTokenMs: startMs + 130,
    endMs: startMs + 135,
    status: 200,
    contentType: "text/event-stream",
    ended: "marker",
    stamps: "kernel",
    stampLagMeanMs: 0.1,
    stampLagMaxMs: 0.4,
    mergedTokens: 0,
    tokenEvents: 4,
    contentEvents: 4,
    reasoningEvents: 0,
    toolCallEvents: 0,
    reads: 8,
    events: 8,
    malformedEvents: 0,
    bytes: 900,
    fields: { promptTokens: 20, completionTokens: 4, totalTokens: 24, finishReason: "stop" },
    reused: true,
    retried: false,
    requestBytes: 200,
    gapsUs: [10_000, 10_000, 10_000],
    tokensBySecond: [[0, 4]],
    ...more,
  };
}

function failed(id: number, startMs: number, kind: ErrorKind, more: Partial<RequestLine> = {}): RequestLine {
  const {
    firstTokenMs: _,
    firstContentMs: __,
    lastTokenMs: ___,
    gapsUs: ____,
    tokensBySecond: _____,
    ...line
  } = request(id, startMs);
  return {
    ...line,
    tokenEvents: 0,
    contentEvents: 0,
    events: 0,
    reads: 0,
    fields: {},
    ended: "no_stream",
    error: { kind, message: `${kind} happened` },
    ...more,
  };
}

function write(lines: JournalLine[], closed = true): string {
  const path = join(folder, "records.jsonl");
  const end: JournalLine[] = closed ? [{ type: "end", tMs: 1, requests: lines.length }] : [];
  writeFileSync(path, [header, ...lines, ...end].map((line) => `${JSON.stringify(line)}\n`).join(""));
  return path;
}

async function toSummary(lines: JournalLine[], more: Partial<RunInput> = {}, closed = true) {
  const summary = await summarize({ records: write(lines, closed), config, outcome, ...more });
  expect(validateSummary(JSON.parse(JSON.stringify(summary))), JSON.stringify(validateSummary.errors)).toBe(
    true,
  );
  return summary;
}

/** Requests of every fate, shapes and times by a fixed seed. */
function mixed(count: number): RequestLine[] {
  const random = createRandom(7);
  const between = (low: number, high: number) => low + random() * (high - low);
  const us = (ms: number) => Math.round(ms * 1000) / 1000;
  return Array.from({ length: count }, (_, index) => {
    const id = index + 1;
    const startMs = us(between(0, 30_000));
    const fate = random();
    if (fate < 0.03) return failed(id, startMs, "tcp", { retried: random() < 0.5 });
    if (fate < 0.06) return failed(id, startMs, "idle_timeout", { ended: "error" });
    if (fate < 0.08) {
      const { error: _, ...line } = failed(id, startMs, "tcp", { status: 503, body: "busy" });
      return line;
    }
    const tokens = 1 + Math.floor(between(0, 40));
    const gapsUs = Array.from({ length: tokens - 1 }, () =>
      random() < 0.1 ? 0 : Math.floor(between(500, 40_000)),
    );
    const firstTokenMs = us(startMs + between(20, 400));
    const lastTokenMs = us(firstTokenMs + gapsUs.reduce((sum, gap) => sum + gap, 0) / 1000);
    const completionTokens = tokens + Math.floor(between(0, 3));
    const usage = random() < 0.9;
    const line = request(id, startMs, {
      vu: 1 + (index % 8),
      firstTokenMs,
      ...(random() < 0.9 && { firstContentMs: firstTokenMs }),
      lastTokenMs,
      endMs: us(lastTokenMs + between(0, 5)),
      tokenEvents: tokens,
      contentEvents: tokens,
      mergedTokens: gapsUs.filter((gap) => gap === 0).length,
      reads: tokens + 3,
      events: tokens + 4,
      gapsUs,
      reused: random() < 0.8,
      ...(random() < 0.3 && { scheduledMs: startMs - 2 }),
      labels: random() < 0.1 ? { phase: "warmup" } : { phase: "measure", task: "chat" },
      malformedEvents: random() < 0.02 ? 1 : 0,
      ended: random() < 0.05 ? "eof" : "marker",
      fields: {
        finishReason: random() < 0.3 ? "length" : "stop",
        ...(usage && {
          promptTokens: 50,
          completionTokens,
          totalTokens: 50 + completionTokens,
          cachedTokens: Math.floor(between(0, 40)),
          serverPromptTokensPerSecond: between(100, 400),
        }),
      },
      stampLagMeanMs: between(0, 0.5),
      stampLagMaxMs: between(0.5, 3),
    });
    if (!line.reused) line.connectedMs = us(startMs + 0.5);
    if (fate < 0.11)
      return { ...line, fields: {}, ended: "error", error: { kind: "reset", message: "reset" } };
    if (fate < 0.13) return { ...line, inBandError: "out of memory" };
    if (fate < 0.15)
      return { ...line, fields: {}, ended: "error", error: { kind: "interrupted", message: "end" } };
    return line;
  });
}

describe("summarize", () => {
  test("every number follows from the journal by an independent road, also where the duration cuts requests", async () => {
    const lines = mixed(1500);
    for (const line of lines) expect(validateRecord(line), JSON.stringify(validateRecord.errors)).toBe(true);
    for (const durationSeconds of [600, 20]) {
      const summary = await toSummary(lines, { config: { ...config, durationSeconds, iterations: 5000 } });
      expect(summary.window?.endedBy).toBe(durationSeconds === 20 ? "duration" : "requests");
      expect(summary.metrics.ttft?.certified?.p99).toBeGreaterThanOrEqual(
        summary.metrics.ttft?.p99 as number,
      );
      expect(summary.steady).toEqual({ absent: "in an open loop clients wait for arrivals" });
      expect(compareWithJournal(summary, join(folder, "records.jsonl"))).toEqual([]);
    }
  });

  test("so does every number of the steady state of a closed loop", async () => {
    const lines = mixed(1500).map(({ scheduledMs: _, ...line }) => line);
    const summary = await toSummary(lines, { config: { ...config, durationSeconds: 20, iterations: 5000 } });
    expect(summary.steady).toMatchObject({ requests: expect.any(Number), metrics: { itl: {}, ttft: {} } });
    expect(compareWithJournal(summary, join(folder, "records.jsonl"))).toEqual([]);
  });

  test("the comparison with the journal sees a number that is off", async () => {
    const summary = await toSummary(mixed(50));
    (summary.metrics.ttft as { p90: number }).p90 += 0.001;
    summary.tokens.prompt = 1;
    expect(compareWithJournal(summary, join(folder, "records.jsonl"))).toEqual([
      expect.stringMatching(/^metrics\.ttft\.p90: /),
      expect.stringMatching(/^tokens\.prompt: the summary says 1,/),
    ]);
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

  test("the planned end of the duration closes the window: later tokens and ends do not count", async () => {
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

  test("an answer without a list of gaps counts by seconds, the cut one in proportion", async () => {
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
    // 4 of the first; of the other 10 + 20 / 2 events, two tokens each
    expect(summary.throughput?.outputTokensPerSecond).toBeCloseTo((4 + 20 * 2) / 1.5, 9);
    expect(summary.metrics.itl?.count).toBe(42);
  });

  test("failures are counted beside the latencies, with an example of each kind", async () => {
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

  test("nothing completed: no latency, no rate over nothing, and a warning that says so", async () => {
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
      partialReason: "the journal was not closed in order",
    });
  });

  test("other phases are in no statistic, but in the reconciliation with the server", async () => {
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
