// A client that does not get the processor: with the kernel's stamps times become ranges, and no requirement passes by a
// doubt; with packet stamps they stay exact.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { Statistics } from "../../bench-runner/statistics/statistics.ts";
import { type FakeServer, startFakeServer } from "../fake/fake-server.ts";
import { makeFolder } from "../run/k6-run.ts";
import { isAlive } from "../run/living.ts";
import { type RunnerRun, runRunner } from "../run/runner-run.ts";

/** The first token after 60 ms, then one every 10 ms. */
const SERVER = { tokens: 100, firstTokenDelayMs: 60, tokenDelayMs: 10 };
const STOPPED_MS = 800;
const RUNNING_MS = 200;
/** Far above what the server takes, even on a busy machine; below what a stopped client sees. */
const LIMIT_MS = 450;

/** k6's process, from the first line of its journal; undefined until it has written it. */
function findK6(cwd: string): number | undefined {
  const runs = join(cwd, "runs");
  const [name] = existsSync(runs) ? readdirSync(runs) : [];
  const journal = join(runs, String(name), "records.jsonl");
  const [line = ""] = existsSync(journal) ? readFileSync(journal, "utf8").split("\n", 1) : [];
  return /"pid":(\d+)/.exec(line) === null ? undefined : Number(/"pid":(\d+)/.exec(line)?.[1]);
}

/** Stops k6 as soon as a request has reached the server, again and again, as a scheduler does that has no core for it. */
async function starve(runner: number, cwd: string, server: FakeServer): Promise<void> {
  let k6 = findK6(cwd);
  while (k6 === undefined && isAlive(runner)) {
    await wait(20);
    k6 = findK6(cwd);
  }
  while (k6 !== undefined && isAlive(k6)) {
    const seen = server.chats.length;
    while (server.chats.length === seen && isAlive(k6)) await wait(2);
    if (!isAlive(k6)) return;
    process.kill(k6, "SIGSTOP");
    await wait(STOPPED_MS);
    process.kill(k6, "SIGCONT");
    await wait(RUNNING_MS);
  }
}

async function runStarved(stamps: string, more: readonly string[] = []): Promise<RunnerRun> {
  const server = await startFakeServer({ behaviour: SERVER });
  const cwd = makeFolder();
  try {
    return await runRunner({
      cwd,
      args: [
        ...["--url", server.url, "--vus", "4", "--iterations", "24", "--max-tokens", "128"],
        ...["--stamps", stamps, "--require", `ttft.max < ${LIMIT_MS}ms`, ...more],
      ],
      whileRunning: (pid) => starve(pid, cwd, server),
    });
  } finally {
    await server.close();
  }
}

const isRoot = process.getuid?.() === 0;

describe.runIf(process.platform === "linux")("a starved client", () => {
  it("has ranges with the kernel's stamps, says so at the top, and passes no requirement inside them", async () => {
    const { summary, stdout, exitCode, folder } = await runStarved("kernel", ["--slo", `ttft=${LIMIT_MS}ms`]);
    expect(summary?.requirements, stdout).toMatchObject([{ ok: false, uncertain: true }]);
    expect(exitCode).toBe(4);
    const { lower, upper } = summary?.metrics.ttft?.range ?? {};
    expect(lower?.max).toBeLessThan(LIMIT_MS);
    expect(upper?.max).toBeGreaterThan(LIMIT_MS);
    // The truth lies between.
    expect(lower?.mean).toBeLessThan(200);
    expect(upper?.mean).toBeGreaterThan(60);
    expect(summary?.precision.stamps).toMatchObject({ packet: 0, kernel: 24 });
    expect(summary?.precision.firstTokenRanges).toBeGreaterThan(0);
    expect(summary?.precision.uncertainGaps).toBeGreaterThan(20);
    expect(summary?.goodput?.uncertain).toBeGreaterThan(0);
    expect(stdout).toContain("the client was starved");
    expect(stdout).toMatch(/\? 1 of \d+ requirements? UNCERTAIN/);
    expect(stdout).toMatch(/p99 [\d.]+–[\d.]+ ms/);
    expect(stdout).toContain("setcap cap_net_raw");
    const report = readFileSync(join(String(folder), "report.html"), "utf8");
    expect(report).toMatch(/Uncertain<\/h2>/);
    // The gaps that are known are the server's: ITL has none of the bursts after a stop.
    expect(summary?.metrics.itl?.median).toBeGreaterThan(5);
    expect(summary?.metrics.itl?.median).toBeLessThan(20);
  });

  it.runIf(isRoot)("is exact with packet stamps, without a mark", async () => {
    const { summary, stdout, exitCode } = await runStarved("packet");
    const ttft = summary?.metrics.ttft as Statistics;
    expect(summary?.precision.stamps).toMatchObject({ packet: 24, kernel: 0, user: 0 });
    expect(ttft.range).toBeUndefined();
    expect(ttft.median).toBeGreaterThan(55);
    expect(ttft.max).toBeLessThan(LIMIT_MS);
    expect(summary?.precision).toMatchObject({ mergedTokens: 0, uncertainGaps: 0, packetMisses: 0 });
    expect(summary?.precision.packets?.dropped).toBe(0);
    expect(stdout).not.toContain("starved");
    expect(stdout).not.toMatch(/p99 [\d.]+–/);
    expect(summary?.requirements).toMatchObject([{ ok: true }]);
    expect(exitCode).toBe(0);
  });
});
