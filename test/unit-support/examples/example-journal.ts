// Journal lines with plain times, for the tests of everything that reads them.
import { writeFileSync } from "node:fs";
import type { ConfigFile, OutcomeFile } from "../../../bench-runner/run-folder/run-files.ts";
import { createRandom } from "../../../lib/core/prompts/random.ts";
import type { ErrorKind, JournalLine, ProgressLine, RequestLine } from "../../../lib/core/request/facts.ts";

export const config: ConfigFile = {
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
export const outcome: OutcomeFile = {
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
export function request(id: number, startMs: number, more: Partial<RequestLine> = {}): RequestLine {
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

/** A progress line. */
export function progress(tMs: number, started: number, done: number): ProgressLine {
  const inFlight = started - done;
  return {
    type: "progress",
    tMs,
    started,
    inFlight,
    done,
    failed: 0,
    tokens: 0,
    firstTokens: 0,
    firstTokenWaitMs: 0,
  };
}

export function failed(
  id: number,
  startMs: number,
  kind: ErrorKind,
  more: Partial<RequestLine> = {},
): RequestLine {
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

/** Writes a journal. @param closed it was closed properly */
export function writeJournal(path: string, lines: JournalLine[], closed = true): void {
  const requests = lines.filter(({ type }) => type === "request").length;
  const end: JournalLine[] = closed ? [{ type: "end", tMs: 1, requests }] : [];
  writeFileSync(path, [header, ...lines, ...end].map((line) => `${JSON.stringify(line)}\n`).join(""));
}

/** Requests of every fate, shapes and times by a fixed seed. */
export function mixed(count: number): RequestLine[] {
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
