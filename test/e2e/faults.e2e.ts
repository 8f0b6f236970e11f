// Whatever a server does, each request gets its line and its verdict, the client goes on, and the run ends.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ErrorKind } from "../../lib/core/request/facts.ts";
import { toFlags } from "../../lib/core/request/flags.ts";
import { toRequestMetrics } from "../../lib/core/request/request-metrics.ts";
import type { Verdict } from "../../lib/core/request/verdict.ts";
import {
  type Behaviour,
  type FakeServer,
  type FakeServerOptions,
  startFakeServer,
} from "../fake/fake-server.ts";
import { ERROR_MESSAGES, FAULT_CASES } from "../fake/fault-matrix.ts";
import { type ChatPrompt, promptOf } from "../run/chat-prompt.ts";
import { endOf, type K6Run, makeFolder, runK6 } from "../run/k6-run.ts";
import { casesOf } from "../unit-support/random-cases.ts";

const running: FakeServer[] = [];

async function start(options: FakeServerOptions): Promise<FakeServer> {
  const server = await startFakeServer(options);
  running.push(server);
  return server;
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});

/** Number of requests by verdict, from the journal's lines. */
function countVerdicts(run: K6Run): Partial<Record<Verdict, number>> {
  const counts: Partial<Record<Verdict, number>> = {};
  for (const line of run.requests) {
    const { verdict } = toRequestMetrics(line);
    counts[verdict] = (counts[verdict] ?? 0) + 1;
  }
  return counts;
}

function expectOneLineEach(run: K6Run): void {
  const ids = run.requests.map((line) => line.id).sort((a, b) => a - b);
  expect(ids).toEqual(ids.map((_, index) => index + 1));
  expect(run.lines.at(-1)).toMatchObject({ type: "end", requests: ids.length });
}

describe.each([
  { protocol: "HTTP/1.1", tls: false, httpVersion: "1.1" },
  { protocol: "HTTP/2", tls: "http2", httpVersion: "2.0" },
] as const)("a client that meets every fault over $protocol, one after the other", ({ tls, httpVersion }) => {
  const cases = FAULT_CASES.filter(({ http1Only }) => tls === false || !http1Only);
  let run: K6Run;

  beforeAll(async () => {
    const server = await startFakeServer({
      tls,
      behaviour: (_, body) =>
        FAULT_CASES.find(({ name }) => promptOf(body as ChatPrompt).startsWith(`${name}:`))?.behaviour ?? {
          status: 418,
        },
    });
    const dataset = join(makeFolder(), "faults.jsonl");
    const rows = cases.map(({ name }) => ({ id: name, prompt: `${name}: what do you do with it?` }));
    writeFileSync(dataset, rows.map((row) => JSON.stringify(row)).join("\n"));
    run = await runK6({
      args: ["--vus", "1", "--iterations", `${cases.length}`],
      env: {
        K6_INSECURE_SKIP_TLS_VERIFY: "true",
        SERVER_BENCH_URL: server.url,
        SERVER_BENCH_DATASET: dataset,
        SERVER_BENCH_ORDER: "sequential",
        SERVER_BENCH_SLEEP: "0.05",
        SERVER_BENCH_HEADERS_TIMEOUT: "1",
        SERVER_BENCH_FIRST_TOKEN_TIMEOUT: "1",
        SERVER_BENCH_IDLE_TIMEOUT: "1",
        SERVER_BENCH_TOTAL_TIMEOUT: "2",
      },
    });
    await server.close();
    expect(new Set(server.chats.map((chat) => chat.httpVersion))).toEqual(new Set([httpVersion]));
  });

  it("goes on to the end, and the thresholds pass since something completed", () => {
    expect(endOf(run)).toEqual({ exitCode: 0, hung: false });
    expect(run.requests.map((line) => line.labels.row)).toEqual(cases.map(({ name }) => name));
    expectOneLineEach(run);
  });

  it("says in the first line how many failed, by verdict, and lists only thresholds that can fail", () => {
    const { complete: _, interrupted: __, aborted: ___, ...failed } = countVerdicts(run);
    for (const [verdict, count] of Object.entries(failed)) {
      expect(run.output).toMatch(
        new RegExp(`requests complete, \\d+ failed \\(.*\\b${count} ${verdict}\\b.*\\)`),
      );
    }
    expect(run.output).not.toContain("rate>=0");
  });

  it("reports to k6 as many complete requests as the journal has", () => {
    const complete = cases.filter(({ verdict }) => verdict === "complete").length;
    expect(run.summary?.metrics.llamacpp_success_rate?.values).toMatchObject({
      passes: complete,
      fails: cases.length - complete,
    });
  });

  it.each(cases)("$name: $verdict", ({ name, verdict, errorKind, tokens, status, ...row }) => {
    const flags = [...(row.flags ?? []), ...(row.keptOverHttp2 && tls !== false ? ["retried"] : [])];
    const line = run.requests.find(({ labels }) => labels.row === name);
    if (line === undefined) throw new Error(`there is no line for \`${name}\``);
    expect({
      verdict: toRequestMetrics(line).verdict,
      flags: toFlags(line, verdict),
      status: line.status,
    }).toEqual({ verdict, flags, status });
    // The total limit is 2 s; what is beyond it is a busy machine's.
    expect(line.endMs - line.startMs).toBeLessThan(6000);
    if (tokens < 0) expect(line.tokenEvents).toBeGreaterThan(0);
    else expect(line.tokenEvents).toBe(tokens);
    if (verdict === "error_in_band") expect(line.inBandError).toContain("the fake server failed");
    if (errorKind === undefined) expect(line.error).toBeUndefined();
    else {
      expect([errorKind].flat()).toContain(line.error?.kind);
      expect(line.error?.message).toMatch(ERROR_MESSAGES[line.error?.kind as ErrorKind] ?? /\w/);
    }
    if (status !== undefined && status >= 400) {
      const body = FAULT_CASES.find((row) => row.name === name)?.behaviour.body ?? `"code":${status}`;
      expect(line.body ?? "").toContain(body.slice(0, 1024));
    }
  });
});

describe("many clients and a server that fails often", () => {
  it("has one line a request and the server's own count of each fault", async () => {
    const mixed = (index: number): Behaviour => {
      const tenth = index % 10;
      if (tenth === 9) return { status: 503 };
      const plain: Behaviour = { tokens: 6, eventsPerWrite: 2 };
      return tenth < 3 ? { ...plain, fault: { kind: "fin", afterTokens: 4 } } : plain;
    };
    const server = await start({ behaviour: mixed });
    const requests = casesOf(10_000);
    const run = await runK6({
      args: ["--vus", "50", "--iterations", `${requests}`],
      env: { SERVER_BENCH_URL: server.url },
    });
    expect(endOf(run)).toEqual({ exitCode: 0, hung: false });
    expectOneLineEach(run);
    const tenth = requests / 10;
    expect(countVerdicts(run)).toEqual({ complete: 6 * tenth, cut: 3 * tenth, http_error: tenth });
    expect(server.chats).toHaveLength(requests);
    expect(run.summary?.metrics.llamacpp_success_rate?.values).toMatchObject({
      passes: 6 * tenth,
      fails: 4 * tenth,
    });
    const tokensSeen = run.requests.reduce((sum, line) => sum + line.tokenEvents, 0);
    expect(tokensSeen).toBe(server.chats.reduce((sum, chat) => sum + chat.sentTokens, 0));
  });
});

describe("the end of a run with many streams open", () => {
  const CLIENTS = 200;

  async function untilAllStream(server: FakeServer): Promise<void> {
    const streaming = () => server.chats.filter(({ sentTokens }) => sentTokens > 2).length;
    for (let turn = 0; streaming() < CLIENTS && turn < 300; turn++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(streaming()).toBe(CLIENTS);
  }

  it("writes a line for each of them when k6 is interrupted", async () => {
    const server = await start({ behaviour: { tokens: 1000, tokenDelayMs: 100 } });
    const run = await runK6({
      args: ["--vus", `${CLIENTS}`, "--duration", "10m"],
      env: { SERVER_BENCH_URL: server.url, SERVER_BENCH_MAX_TOKENS: "100000" },
      async whileRunning(pid) {
        await untilAllStream(server);
        process.kill(pid, "SIGINT");
      },
    });
    expect(endOf(run)).toEqual({ exitCode: 105, hung: false });
    expectOneLineEach(run);
    expect(countVerdicts(run)).toEqual({ interrupted: CLIENTS });
    expect(run.requests.every((line) => line.error?.kind === "interrupted" && line.tokenEvents > 0)).toBe(
      true,
    );
  });

  it("writes a line for each of them when the duration is over", async () => {
    const server = await start({ behaviour: { tokens: 1000, tokenDelayMs: 100 } });
    const run = await runK6({
      script: new URL("../fixtures/scripts/short-grace.js", import.meta.url).pathname,
      env: { SERVER_BENCH_URL: server.url, SERVER_BENCH_MAX_TOKENS: "100000" },
    });
    expect(endOf(run)).toEqual({ exitCode: 99, hung: false }); // nothing completed
    expectOneLineEach(run);
    expect(run.requests.length).toBe(server.chats.length);
    expect(countVerdicts(run)).toEqual({ interrupted: run.requests.length });
    expect(run.requests).toHaveLength(CLIENTS);
    const progress = run.lines.filter((line) => line.type === "progress");
    expect(progress.some((line) => line.inFlight === CLIENTS && line.tokens > CLIENTS)).toBe(true);
    expect(progress.at(-1)).toMatchObject({ started: CLIENTS, inFlight: 0, done: CLIENTS, failed: CLIENTS });
  });
});

describe("a server that goes away in the middle of a run", () => {
  it("ends the run within its bound, says so, and keeps every line", async () => {
    const server = await start({ behaviour: { tokens: 8, tokenDelayMs: 10 } });
    const run = await runK6({
      args: ["--vus", "4", "--duration", "5m"],
      env: { SERVER_BENCH_URL: server.url, SERVER_BENCH_SLEEP: "0.1" },
      limitMs: 40_000,
      async whileRunning() {
        for (let turn = 0; server.chats.length < 20 && turn < 200; turn++) {
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
        await server.close();
      },
    });
    expect(endOf(run)).toEqual({ exitCode: 108, hung: false });
    expect(run.output).toContain("The server is gone");
    expectOneLineEach(run);
    const { complete = 0, refused = 0 } = countVerdicts(run);
    expect(complete).toBeGreaterThan(0);
    expect(refused).toBeGreaterThan(0);
  });
});
