// The classic scenario with the real k6: what the server receives, what k6's flags mean, what the run ends with.
import { describe, expect, it } from "vitest";
import type { RequestLine } from "../../lib/core/request/facts.ts";
import { iterations, runLoad } from "../fake/fake-load.ts";
import type { Behaviour } from "../fake/fake-server.ts";
import { endOf } from "../run/k6-run.ts";

describe("what the server receives", () => {
  const cases: {
    name: string;
    env: Record<string, string>;
    body: Record<string, unknown>;
    system?: string | null;
  }[] = [
    {
      name: "nothing set: the defaults of llama.cpp's bench",
      env: {},
      body: {
        model: "my-model",
        max_tokens: 512,
        seed: 42,
        stream: true,
        stream_options: { include_usage: true },
      },
      system: "You are a helpful assistant.",
    },
    {
      name: "every variable set",
      env: {
        SERVER_BENCH_MODEL_ALIAS: "phi-2",
        SERVER_BENCH_MAX_TOKENS: "7",
        SERVER_BENCH_SEED: "5",
        SERVER_BENCH_TEMPERATURE: "0.25",
        SERVER_BENCH_STOP: '["\\n\\n", "END"]',
        SERVER_BENCH_SYSTEM_PROMPT: "Answer in French.",
        SERVER_BENCH_API_KEY: "sk-quite-secret",
      },
      body: {
        model: "phi-2",
        max_tokens: 7,
        seed: 5,
        temperature: 0.25,
        stop: ["\n\n", "END"],
        stream: true,
        stream_options: { include_usage: true },
      },
      system: "Answer in French.",
    },
  ];

  it.each(cases)("$name", async ({ env, body, system }) => {
    const { server, run, bodies } = await runLoad({}, { args: iterations(2), env });
    expect(endOf(run)).toEqual({ exitCode: env.SERVER_BENCH_MAX_TOKENS ? 99 : 0, hung: false });
    expect(bodies).toHaveLength(2);
    for (const received of bodies) {
      const { messages, ...rest } = received as { messages: unknown };
      expect(rest).toEqual(body);
      expect(messages).toEqual([
        { role: "system", content: system },
        { role: "user", content: expect.any(String) },
      ]);
    }
    const key = env.SERVER_BENCH_API_KEY;
    expect(server.chats[0]?.headers).toMatchObject({ "content-type": "application/json" });
    expect(server.chats[0]?.headers.authorization).toBe(key && `Bearer ${key}`);
    if (key) expect(run.output + JSON.stringify(run.lines)).not.toContain(key);
  });

  it.each(["", "/", "/v1", "/v1/"])("finds the API when the address ends in `%s`", async (base) => {
    const { server, run } = await runLoad({}, { args: iterations(1) }, base);
    expect(run.exitCode).toBe(0);
    expect(server.chats.map(({ path }) => path)).toEqual(["/v1/chat/completions"]);
  });

  it("keeps one connection a client", async () => {
    const { server, run } = await runLoad({}, { args: iterations(30, 3) });
    expect(run.exitCode).toBe(0);
    expect(server.connections).toBeLessThanOrEqual(3);
    expect(run.requests.filter(({ reused }) => !reused)).toHaveLength(server.connections);
  });
});

describe("k6's flags and the pause", () => {
  it("--vus and --iterations: that many clients and exactly that many requests", async () => {
    const { run, server } = await runLoad({ tokenDelayMs: 10 }, { args: iterations(24, 6) });
    expect(run.exitCode).toBe(0);
    expect(server.chats).toHaveLength(24);
    expect(run.requests).toHaveLength(24);
    expect(new Set(run.requests.map(({ labels }) => labels.client)).size).toBe(6);
    expect(mostAtOnce(run.requests)).toBe(6);
  });

  it("--duration: no request starts after it, and those that are open then may end", async () => {
    const { run } = await runLoad({ tokenDelayMs: 20 }, { args: ["--vus", "3", "--duration", "2s"] });
    expect(run.exitCode).toBe(0);
    const starts = run.requests.map(({ startMs }) => startMs);
    expect(Math.max(...starts) - Math.min(...starts)).toBeLessThan(2000);
    expect(run.summary?.metrics.llamacpp_success_rate?.values).toMatchObject({
      passes: run.requests.length,
      fails: 0,
    });
    expect(run.summary?.state?.testRunDurationMs).toBeGreaterThanOrEqual(2000);
  });

  it("SERVER_BENCH_SLEEP: the pause of each client between two requests", async () => {
    const { run } = await runLoad({}, { args: iterations(8, 2), env: { SERVER_BENCH_SLEEP: "0.4" } });
    expect(run.output).toContain("Clients pause 0.4 s after each request");
    for (const client of ["1", "2"]) {
      const own = run.requests.filter(({ labels }) => labels.client === client);
      expect(own.length).toBeGreaterThan(1);
      for (const [index, line] of own.slice(1).entries()) {
        expect(line.startMs - (own[index] as RequestLine).endMs).toBeGreaterThanOrEqual(399);
      }
    }
  });
});

describe("what a run ends with", () => {
  const cases: {
    name: string;
    behaviour: Behaviour;
    args?: string[];
    env?: Record<string, string>;
    exitCode: number;
    says: string[];
  }[] = [
    {
      name: "every answer is whole; with k6's own lines and by its own options",
      behaviour: {},
      env: { SERVER_BENCH_K6_SUMMARY: "" },
      args: ["--summary-mode", "full", "--summary-trend-stats", "med,p(99.9)"],
      exitCode: 0,
      says: [
        ...["http_req_duration", "http_req_waiting", "iterations", "data_received", "THRESHOLDS", "p(99.9)="],
        ...["10 of 10 requests complete", "✓ passed  llamacpp_completions_truncated_rate: rate<0.8"],
      ],
    },
    {
      name: "every answer is really truncated",
      behaviour: {},
      env: { SERVER_BENCH_MAX_TOKENS: "8" },
      exitCode: 99,
      says: ["10 of 10 requests complete", "✗ FAILED  llamacpp_completions_truncated_rate: rate<0.8"],
    },
    {
      name: "the same with a limit that allows it",
      behaviour: {},
      env: { SERVER_BENCH_MAX_TOKENS: "8", SERVER_BENCH_TRUNCATED_LIMIT: "1" },
      exitCode: 0,
      says: ["10 of 10 requests complete"],
    },
    {
      name: "no answer is whole",
      behaviour: { fault: { kind: "fin", afterTokens: 2 } },
      exitCode: 99,
      says: ["0 of 10 requests complete, 10 failed", "✗ FAILED  llamacpp_completed_requests"],
    },
  ];

  it.each(cases)("$name: exit code $exitCode", async ({ behaviour, args = [], env = {}, exitCode, says }) => {
    const { run } = await runLoad(behaviour, { args: [...iterations(10, 2), ...args], env });
    expect(endOf(run)).toEqual({ exitCode, hung: false });
    for (const text of says) expect(run.output).toContain(text);
  });
});

/** The largest number of requests that were open at one time. */
function mostAtOnce(lines: RequestLine[]): number {
  const changes = lines.flatMap(({ startMs, endMs }) => [
    { atMs: startMs, by: 1 },
    { atMs: endMs, by: -1 },
  ]);
  changes.sort((a, b) => a.atMs - b.atMs || a.by - b.by);
  let open = 0;
  return Math.max(
    ...changes.map(({ by }) => {
      open += by;
      return open;
    }),
  );
}
