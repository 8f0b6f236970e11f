// ppl.llm.serving over gRPC: k6's own client against a small real gRPC server.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it, type TestContext } from "vitest";
import type { RequestLine } from "../../lib/core/request/facts.ts";
import { toRequestMetrics } from "../../lib/core/request/request-metrics.ts";
import { endOf, makeFolder, runK6 } from "../run/k6-run.ts";
import { runRunner } from "../run/runner-run.ts";
import { needTool } from "../run/tool.ts";

let built: Promise<string> | undefined;

/** The server's program, built once. */
function buildServer(context: TestContext): Promise<string> {
  const go = needTool(context, "go");
  built ??= (async () => {
    const program = join(makeFolder(), "pplserver");
    await execa(go, ["build", "-o", program, "./test/pplserver"], {
      cwd: new URL("../../xk6-sse", import.meta.url),
      env: { CGO_ENABLED: "0", GOTOOLCHAIN: "auto" },
    });
    return program;
  })();
  return built;
}

/** @param ways how each request is answered, all later ones as the last */
async function withServer(
  context: TestContext,
  ways: string[],
  use: (url: string, requests: () => object[]) => Promise<void>,
): Promise<void> {
  const server = execa(await buildServer(context), ways, { reject: false, buffer: false });
  const lines: string[] = [];
  const reading = (async () => {
    for await (const line of server) lines.push(line);
  })();
  try {
    await expect.poll(() => lines.length, { timeout: 20_000 }).toBeGreaterThan(0);
    await use(`http://${lines[0]}`, () => lines.slice(1).map((line) => JSON.parse(line) as object));
  } finally {
    server.kill();
    await reading.catch(() => {});
  }
}

function run(url: string, requests: number, env: Record<string, string> = {}) {
  return runK6({
    args: ["--vus", "1", "--iterations", String(requests)],
    env: {
      SERVER_BENCH_URL: url,
      SERVER_BENCH_ENDPOINT: "ppl",
      SERVER_BENCH_MAX_TOKENS: "6",
      SERVER_BENCH_TRUNCATED_LIMIT: "1",
      ...env,
    },
  });
}

const verdicts = (requests: readonly RequestLine[]) => requests.map((line) => toRequestMetrics(line).verdict);

describe("ppl.llm.serving", () => {
  it("streams by gRPC: tokens, their times, how it ended", async (context) => {
    await withServer(context, ["plain"], async (url, asked) => {
      const { requests, ...rest } = await run(url, 2);
      expect(endOf({ requests, ...rest })).toEqual({ exitCode: 0, hung: false });
      expect(verdicts(requests)).toEqual(["complete", "complete"]);
      const [first, second] = requests as [RequestLine, RequestLine];
      expect(first).toMatchObject({
        ...{ ended: "marker", tokenEvents: 6, contentEvents: 6, fields: { finishReason: "length" } },
        ...{ stamps: "user", reused: false, vu: 1, iteration: 0, scenario: "default" },
        labels: { phase: "measure", client: "1" },
      });
      expect(first.gapsUs).toHaveLength(5);
      expect(second).toMatchObject({ reused: true, iteration: 1 });
      expect(second.id).toBeGreaterThan(first.id);
      const { ttftMs, e2eMs, truncated } = toRequestMetrics(first);
      expect(ttftMs).toBeGreaterThan(0);
      expect(e2eMs).toBeGreaterThan(ttftMs as number);
      expect(truncated).toBe(true);
      expect(asked()[0]).toMatchObject({ maxNewTokens: 6, ignoreEos: false, prompt: expect.any(String) });
    });
  });

  it("asks for an exact length, and says when the model ended by itself", async (context) => {
    await withServer(context, ["plain"], async (url, asked) => {
      const exact = await run(url, 1, { SERVER_BENCH_OUTPUT_TOKENS: "4" });
      expect(exact.requests[0]).toMatchObject({ tokenEvents: 4 });
      const free = await run(url, 1, { SERVER_BENCH_MAX_TOKENS: "100" });
      expect(free.requests[0]).toMatchObject({ tokenEvents: 8, fields: { finishReason: "eos_token" } });
      expect(toRequestMetrics(free.requests[0] as RequestLine).stopped).toBe(true);
      expect(asked()).toMatchObject([
        { maxNewTokens: 4, ignoreEos: true },
        { maxNewTokens: 100, ignoreEos: false },
      ]);
    });
  });

  it("distinguishes failures, and goes on after each", async (context) => {
    await withServer(context, ["failed", "status", "cut", "plain"], async (url) => {
      const { requests } = await run(url, 4);
      expect(verdicts(requests)).toEqual(["error_in_band", "error_in_band", "cut", "complete"]);
      expect(requests[0]).toMatchObject({ tokenEvents: 2, inBandError: "the server's status is FAILED" });
      expect(requests[1]).toMatchObject({ inBandError: "gRPC status ResourceExhausted: too many requests" });
    });
  });

  it("has a limit for the whole request", async (context) => {
    await withServer(context, ["plain"], async (url) => {
      const { requests } = await run(url, 1, { SERVER_BENCH_TOTAL_TIMEOUT: "0.02" });
      expect(verdicts(requests)).toEqual(["timeout"]);
    });
  });

  it("is refused where nothing listens", async () => {
    const { requests, exitCode } = await run("http://127.0.0.1:9", 2);
    expect(verdicts(requests)).toEqual(["refused", "refused"]);
    expect(exitCode).toBe(99);
  });

  it("is measured by the runner under the names of another benchmark, in agreement with k6", async (context) => {
    await withServer(context, ["plain"], async (url) => {
      const dataset = join(makeFolder(), "samples_1024.json");
      const rows = Array.from({ length: 8 }, (_, at) => [`Say the number ${at} twice`, 5, 4 + (at % 4)]);
      writeFileSync(dataset, JSON.stringify(rows));
      const { exitCode, summary, folder, config, stderr } = await runRunner({
        args: [
          ...["--num-requests", "8", "--num-threads", "2", "--ramp-up-time", "1", "--thread-stop-time", "1"],
          ...["--tokenizer", "words", "--slo", "tpot=10s"],
        ],
        env: { BACKEND: "ppl", PPL_SERVER_URL: url.replace("http://", ""), DATASET_PATH: dataset },
      });
      expect(exitCode, stderr).toBe(0);
      expect(config).toMatchObject({ kind: "closed", values: { outputTokens: "dataset", rampUp: 1 } });
      expect(summary).toMatchObject({ crossCheck: { verdict: "exact" }, goodput: { share: 1 } });
      const lines = readFileSync(join(folder as string, "records.jsonl"), "utf8")
        .trim()
        .split("\n");
      const requests = lines
        .map((line) => JSON.parse(line) as RequestLine)
        .filter(({ type }) => type === "request");
      const firsts = ["1", "2"].map((client) => requests.find(({ labels }) => labels.client === client));
      // The second client is due half the ramp, 500 ms, after the first one, which may be late on a busy machine.
      expect((firsts[1] as RequestLine).startMs - (firsts[0] as RequestLine).startMs).toBeGreaterThan(250);
      expect(new Set(requests.map(({ tokenEvents }) => tokenEvents))).toEqual(new Set([4, 5, 6, 7]));
      expect(summary?.metrics.tpot?.count).toBe(requests.length);
    });
  });

  it("is sent when it is due in an open loop", async (context) => {
    await withServer(context, ["plain"], async (url) => {
      const script = new URL("../../dist/open.js", import.meta.url).pathname;
      const rate = {
        SERVER_BENCH_RATE: "20",
        SERVER_BENCH_ARRIVALS: "constant",
        SERVER_BENCH_ITERATIONS: "8",
      };
      const { requests, exitCode } = await runK6({
        script,
        env: {
          ...{ SERVER_BENCH_URL: url, SERVER_BENCH_ENDPOINT: "ppl", SERVER_BENCH_MAX_TOKENS: "6" },
          ...{ SERVER_BENCH_TRUNCATED_LIMIT: "1", ...rate },
        },
      });
      expect(exitCode).toBe(0);
      const due = requests.map(({ scheduledMs }) => scheduledMs as number).sort((a, b) => a - b);
      expect(due.map((ms) => Math.round(ms - (due[0] as number)))).toEqual(
        Array.from({ length: 8 }, (_, index) => index * 50),
      );
      for (const { startMs, scheduledMs } of requests)
        expect(startMs).toBeGreaterThanOrEqual(scheduledMs as number);
    });
  });
});
