// Faults that take a server, or a setting of k6, of their own: no connection, each time limit by its own option,
// connections that are kept and those that are not.
import { afterEach, describe, expect, it } from "vitest";
import type { ErrorKind } from "../../lib/core/request/facts.ts";
import { toRequestMetrics } from "../../lib/core/request/request-metrics.ts";
import type { Verdict } from "../../lib/core/request/verdict.ts";
import { type Behaviour, type FakeServerOptions, startFakeServer } from "../fake/fake-server.ts";
import { startFullListener, startSilentListener } from "../fake/full-listener.ts";
import { endOf, type K6Run, runK6 } from "../run/k6-run.ts";

const running: { close(): Promise<void> }[] = [];

async function kept<T extends { close(): Promise<void> }>(starting: Promise<T>): Promise<T> {
  const server = await starting;
  running.push(server);
  return server;
}
const serve = (options: FakeServerOptions) => kept(startFakeServer(options));

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});

const IN_TIME_MS = 5000;

/** One client, one request after the other. */
function runOne(url: string, iterations: number, env: Record<string, string> = {}, args: string[] = []) {
  return runK6({
    args: ["--vus", "1", "--iterations", `${iterations}`, ...args],
    env: { SERVER_BENCH_URL: url, SERVER_BENCH_SLEEP: "0.05", ...env },
    limitMs: 30_000,
  });
}

/** One line a request that was started, each ended in time. @returns their verdicts */
function verdictsOf(run: K6Run, requests: number): Verdict[] {
  expect(run.hung).toBe(false);
  expect(run.requests.map(({ id }) => id)).toEqual(Array.from({ length: requests }, (_, index) => index + 1));
  expect(run.lines.at(-1)).toMatchObject({ type: "end", requests });
  for (const { startMs, endMs } of run.requests) expect(endMs - startMs).toBeLessThan(IN_TIME_MS);
  return run.requests.map((line) => toRequestMetrics(line).verdict);
}

describe("a connection that does not come about", () => {
  interface Case {
    sentence: string;
    url: () => Promise<string>;
    env?: Record<string, string>;
    verdict: Verdict;
    kind: ErrorKind;
    message: RegExp;
  }
  const cases: Case[] = [
    {
      sentence: "a port where nothing listens",
      url: async () => {
        const server = await startFakeServer();
        await server.close();
        return server.url;
      },
      verdict: "refused",
      kind: "tcp",
      message: /connection refused/,
    },
    {
      sentence: "a name that does not exist",
      url: async () => "http://llm-server.invalid:8080/v1",
      verdict: "refused",
      kind: "dns",
      message: /llm-server\.invalid/,
    },
    {
      sentence: "an untrusted certificate",
      url: async () => (await serve({ tls: true })).url,
      verdict: "refused",
      kind: "tls",
      message: /certificate/,
    },
    {
      sentence: "a TLS handshake that is never answered",
      url: async () => `https://127.0.0.1:${(await kept(startSilentListener())).port}`,
      env: { SERVER_BENCH_CONNECT_TIMEOUT: "0.5" },
      verdict: "timeout",
      kind: "connect_timeout",
      message: /^no connection after 500ms$/,
    },
    {
      sentence: "a TCP handshake that is never answered",
      url: async () => `http://127.0.0.1:${(await kept(startFullListener())).port}`,
      env: { SERVER_BENCH_CONNECT_TIMEOUT: "0.5" },
      verdict: "timeout",
      kind: "connect_timeout",
      message: /^no connection after 500ms$/,
    },
  ];
  for (const { sentence, url, env = {}, verdict, kind, message } of cases) {
    const isElsewhere = sentence.startsWith("a TCP") && process.platform !== "linux";
    it.skipIf(isElsewhere)(`${sentence}: ${verdict}`, async () => {
      const run = await runOne(await url(), 3, env);
      expect(run.exitCode).toBe(99); // nothing completed
      expect(verdictsOf(run, 3)).toEqual([verdict, verdict, verdict]);
      for (const { error, status, sentMs } of run.requests) {
        expect({ kind: error?.kind, status, sentMs }).toEqual({ kind });
        expect(error?.message).toMatch(message);
      }
    });
  }
});

describe("each time limit by its own option, the others as they are by default", () => {
  const cases: [string, string, Behaviour, ErrorKind, RegExp][] = [
    [
      "headers",
      "SERVER_BENCH_HEADERS_TIMEOUT",
      { fault: { kind: "no_headers" } },
      "headers_timeout",
      /^no response headers after 500ms$/,
    ],
    [
      "first token",
      "SERVER_BENCH_FIRST_TOKEN_TIMEOUT",
      { fault: { kind: "no_first_token" } },
      "first_token_timeout",
      /^no token after 500ms$/,
    ],
    [
      "idle",
      "SERVER_BENCH_IDLE_TIMEOUT",
      { fault: { kind: "stall", afterTokens: 3 } },
      "idle_timeout",
      /^silence between two reads after 500ms$/,
    ],
    [
      "total",
      "SERVER_BENCH_TOTAL_TIMEOUT",
      { tokens: 500, tokenDelayMs: 50 },
      "total_timeout",
      /^the request was still open after 500ms$/,
    ],
  ];
  it.each(cases)("%s: %s", async (_, variable, fault, kind, message) => {
    const server = await serve({ behaviour: [fault, {}] });
    const run = await runOne(server.url, 2, { [variable]: "500ms" });
    expect(endOf(run)).toEqual({ exitCode: 0, hung: false });
    expect(verdictsOf(run, 2)).toEqual(["timeout", "complete"]);
    expect(run.requests[0]?.error?.kind).toBe(kind);
    expect(run.requests[0]?.error?.message).toMatch(message);
    expect(server.chats[0]?.ended).toBe("client_left");
  });
});

describe("connections", () => {
  const mixed: Behaviour[] = [
    {},
    { fault: { kind: "fin", afterTokens: 3 } },
    { status: 503 },
    { fault: { kind: "gzip" } },
    { fault: { kind: "error_event", afterTokens: 3 } },
    {},
  ];
  const verdicts: Verdict[] = ["complete", "cut", "http_error", "complete", "error_in_band", "complete"];

  it("with --no-connection-reuse each request has its own, after faults too", async () => {
    const server = await serve({ behaviour: mixed });
    const run = await runOne(server.url, mixed.length, {}, ["--no-connection-reuse"]);
    expect(endOf(run)).toEqual({ exitCode: 0, hung: false });
    expect(verdictsOf(run, mixed.length)).toEqual(verdicts);
    expect(server.chats.map(({ connection }) => connection)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(run.requests.map(({ reused, retried }) => reused || retried)).not.toContain(true);
  });

  it("over TLS, once any certificate is accepted", async () => {
    const server = await serve({ behaviour: mixed, tls: true });
    const run = await runOne(server.url, mixed.length, { K6_INSECURE_SKIP_TLS_VERIFY: "true" });
    expect(verdictsOf(run, mixed.length)).toEqual(verdicts);
    expect(new Set(server.chats.map(({ httpVersion }) => httpVersion))).toEqual(new Set(["1.1"]));
  });

  it("a server that restarts between two requests costs none of them", async () => {
    const first = await startFakeServer();
    const run = await runK6({
      args: ["--vus", "1", "--iterations", "3"],
      env: { SERVER_BENCH_URL: first.url, SERVER_BENCH_SLEEP: "1" },
      limitMs: 30_000,
      async whileRunning() {
        for (let turn = 0; first.chats[0]?.ended !== "whole" && turn < 200; turn++) {
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
        await first.close();
        await serve({ port: first.port });
      },
    });
    expect(endOf(run)).toEqual({ exitCode: 0, hung: false });
    expect(verdictsOf(run, 3)).toEqual(["complete", "complete", "complete"]);
    expect(run.requests.map(({ reused }) => reused)).toEqual([false, false, true]);
  });
});
