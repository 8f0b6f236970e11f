// Every API of a server: the recorded answers through k6, errors by status, and the real llama-server's five APIs.
import { readdirSync, readFileSync } from "node:fs";
import { afterAll, describe, expect, it, type TestContext } from "vitest";
import { APIS, ENDPOINTS, type Endpoint, pathOf } from "../../lib/core/apis/apis.ts";
import type { Facts, RequestLine } from "../../lib/core/request/facts.ts";
import { METRICS } from "../../lib/core/request/metrics.ts";
import { toRequestMetrics } from "../../lib/core/request/request-metrics.ts";
import { startFakeServer } from "../fake/fake-server.ts";
import { endOf, errorLines, ownK6, runK6, standinK6 } from "../run/k6-run.ts";
import { type RealServer, startRealServer } from "../run/real-server.ts";
import { countedByServer, runRunner } from "../run/runner-run.ts";

interface Vector {
  /** Name of its file, without the extension. */
  file: string;
  name: string;
  endpoint: Endpoint;
  dialect: string;
  facts: Facts;
  given: { status: number; contentType: string };
  metrics: { verdict: string; truncated?: boolean; stopped?: boolean };
}

const folder = new URL("../golden/", import.meta.url);
const vectors = readdirSync(folder)
  .filter((file) => file.startsWith("transcript-"))
  .map((file) => ({
    ...(JSON.parse(readFileSync(new URL(file, folder), "utf8")) as Vector),
    file: file.replace(/\.json$/, ""),
  }));

type Mode = "stream" | "sync";
const modeOf = ({ dialect }: Vector): Mode => (dialect.endsWith("-sync") ? "sync" : "stream");

/** One client that sends one request after the other. */
function runOne(url: string, endpoint: Endpoint, mode: Mode, requests: number, k6 = ownK6) {
  return runK6({
    k6,
    args: ["--iterations", String(requests), "--vus", "1"],
    env: {
      SERVER_BENCH_URL: url,
      SERVER_BENCH_ENDPOINT: endpoint,
      SERVER_BENCH_MODE: mode,
      SERVER_BENCH_API_KEY: "the-key",
    },
  });
}

/** What follows from the bytes, however the network cut them into reads. */
function comparable(facts: Facts & Partial<RequestLine>): object {
  const { ended, events, malformedEvents, fields, inBandError, document } = facts;
  const { tokenEvents, contentEvents, reasoningEvents, toolCallEvents, bytes, body } = facts;
  const { openChoices, noFinishReason, badUsage, unread } = facts;
  const gaps = facts.gapsUs?.length;
  return {
    ...{ ended, events, malformedEvents, fields, inBandError, document, bytes, body, gaps },
    ...{ tokenEvents, contentEvents, reasoningEvents, toolCallEvents },
    ...{ openChoices, noFinishReason, badUsage, unread },
  };
}

const groups = [...Map.groupBy(vectors, (vector) => `${vector.endpoint} ${modeOf(vector)}`)];

it("has a recorded answer for each API, streamed and, where there are such, whole", () => {
  // What goes by gRPC has a test of its own.
  const wanted = ENDPOINTS.filter((endpoint) => !("grpc" in APIS[endpoint])).flatMap((endpoint) =>
    "syncDialect" in APIS[endpoint] ? [`${endpoint} stream`, `${endpoint} sync`] : [`${endpoint} stream`],
  );
  expect(groups.map(([key]) => key).sort()).toEqual(wanted.sort());
});

describe("recorded answers through k6 give the facts of their golden vectors", () => {
  it.each(groups)("%s", async (_, answers) => {
    const [{ endpoint }] = answers as [Vector];
    const mode = modeOf(answers[0] as Vector);
    const server = await startFakeServer({ behaviour: answers.map(({ file }) => ({ transcript: file })) });
    try {
      const run = await runOne(server.url, endpoint, mode, answers.length);
      expect(endOf(run).hung).toBe(false);
      const asked = server.chats.map(({ path }) => path);
      expect(asked).toEqual(answers.map(() => pathOf({ endpoint, mode })));
      for (const [at, { name, facts, given, metrics }] of answers.entries()) {
        const line = run.requests[at] as RequestLine;
        expect({ name, ...comparable(line) }).toEqual({ name, ...comparable(facts) });
        expect(line.status).toBe(given.status);
        expect(line.contentType ?? "").toBe(given.contentType);
        const { verdict, truncated, stopped } = toRequestMetrics(line);
        expect({ name, verdict, truncated, stopped }).toEqual({
          name,
          verdict: metrics.verdict,
          truncated: metrics.truncated,
          stopped: metrics.stopped,
        });
      }
    } finally {
      await server.close();
    }
  });
});

describe("an error by its status, in the place of an answer, is told in the server's words", () => {
  const rows: [endpoint: Endpoint, status: number, body: string][] = [
    [
      "responses",
      400,
      '{"error":{"code":400,"message":"request (1531 tokens) exceeds the available context size (1024 tokens), try increasing it","type":"exceed_context_size_error"}}',
    ],
    ["messages", 529, '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}'],
    ["completion", 503, '{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}'],
    ["generate", 500, "Internal Server Error"],
    ["generate-stream", 429, '{"error":"Model is overloaded","error_type":"overloaded"}'],
    ["ollama", 404, '{"error":"model \'m\' not found"}'],
    ["amsv2", 401, '{"error":"invalid token"}'],
  ];
  it.each(rows)("%s %d", async (endpoint, status, body) => {
    const server = await startFakeServer({ behaviour: { status, body } });
    try {
      const run = await runOne(server.url, endpoint, "stream", 1);
      const [line] = run.requests as [RequestLine];
      expect(line).toMatchObject({ status, body, ended: "no_stream", tokenEvents: 0 });
      expect(toRequestMetrics(line).verdict).toBe("http_error");
      const {
        authorization,
        "x-api-key": key,
        "anthropic-version": version,
      } = server.chats[0]?.headers ?? {};
      const isOwn = endpoint === "messages";
      expect({ authorization, key, version }).toEqual({
        authorization: isOwn ? undefined : "Bearer the-key",
        key: isOwn ? "the-key" : undefined,
        version: isOwn ? "2023-06-01" : undefined,
      });
    } finally {
      await server.close();
    }
  });
});

describe("a k6 with the community's extension", () => {
  it("reads event streams and documents of other APIs, too", async () => {
    for (const [transcript, mode] of [
      ["transcript-messages-tools", "stream"],
      ["transcript-messages-tools-sync", "sync"],
    ] as const) {
      const server = await startFakeServer({ behaviour: { transcript } });
      try {
        const run = await runOne(server.url, "messages", mode, 3, standinK6);
        expect(endOf(run)).toEqual({ exitCode: 0, hung: false });
        const { values } = run.summary?.metrics[METRICS.completionTokens.k6Name] ?? {};
        expect(values).toMatchObject({ min: 60, max: 60 });
        expect(server.chats).toHaveLength(3);
      } finally {
        await server.close();
      }
    }
  });

  it("passes on a field `error`, and names texts that nobody reads", async () => {
    const behaviour = ["transcript-chat-error-field", "transcript-chat-unread-key"].map((transcript) => ({
      transcript,
    }));
    const server = await startFakeServer({ behaviour });
    try {
      const run = await runOne(server.url, "chat", "stream", 2, standinK6);
      expect(run.summary?.metrics[METRICS.success.k6Name]?.values).toMatchObject({ passes: 1, fails: 1 });
      expect(run.output).toContain("1 failed (1 error_in_band)");
      expect(run.output).toContain("texts at `choices.*.delta.inner_voice.text`");
    } finally {
      await server.close();
    }
  });

  it("refuses what it cannot read, in one sentence", async () => {
    const run = await runOne("http://127.0.0.1:9", "ollama", "stream", 1, standinK6);
    expect(run.exitCode).toBe(107);
    expect(errorLines(run.output).map((line) => line.trim())).toEqual([
      "SERVER_BENCH_ENDPOINT=ollama needs the project's own k6 (bin/k6): the community's extension reads nothing but event streams.",
    ]);
  });
});

describe("the real llama-server, in exact agreement with its own counters", () => {
  /** One server for all tests: each run reads its counters before and after. */
  let server: RealServer | undefined;
  const serverUrl = async (context: TestContext) => {
    server ??= await startRealServer(context, ["--parallel", "2", "--ctx-size", "1024", "--metrics"]);
    return server.rootUrl;
  };
  afterAll(async () => {
    await server?.close();
  });

  const rows = (["chat", "completions", "completion", "messages", "responses"] as const).flatMap(
    (endpoint) => [[endpoint, "stream"] as const, [endpoint, "sync"] as const],
  );
  it.for(rows)("%s, %s", async ([endpoint, mode], context) => {
    const url = await serverUrl(context);
    const run = await runRunner({
      args: [
        ...["--url", url, "--endpoint", endpoint, "--mode", mode, "--iterations", "4", "--vus", "2"],
        ...["--max-tokens", "8", "--max-prompt-tokens", "20", "--truncated-limit", "1", "--n-prompts", "4"],
      ],
      env: countedByServer,
    });
    expect(run.exitCode).toBe(0);
    expect(run.summary).toMatchObject({
      requests: { started: 4, byVerdict: { complete: 4 } },
      reconciliation: { verdict: "exact" },
      crossCheck: { verdict: "exact" },
    });
    expect(run.summary?.tokens.estimatedRequests ?? 0).toBe(0);
    // It calls a response completed whatever ended it.
    const truncated = run.summary?.rates.truncated ?? 0;
    if (endpoint === "responses") expect(truncated).toBe(0);
    else expect(truncated).toBeGreaterThan(0);
  });

  it.for(["messages", "responses"] as const)("a conversation by %s", async (endpoint, context) => {
    const url = await serverUrl(context);
    const run = await runRunner({
      args: [
        ...["--url", url, "--endpoint", endpoint, "--iterations", "2", "--vus", "1", "--max-turns", "2"],
        ...["--prompt-tokens", "20", "--output-tokens", "6", "--output-length", "limit", "--n-prompts", "2"],
        ...["--truncated-limit", "1"],
      ],
      env: countedByServer,
    });
    expect(run.exitCode).toBe(0);
    expect(run.summary).toMatchObject({
      requests: { started: 4, byVerdict: { complete: 4 } },
      conversations: { started: 2, completed: 2 },
      reconciliation: { verdict: "exact" },
    });
    const turns = run.summary?.groups?.turn?.map(({ tokens }) => tokens.prompt ?? 0) ?? [];
    expect(turns[1]).toBeGreaterThan((turns[0] as number) + 20);
  });
});
