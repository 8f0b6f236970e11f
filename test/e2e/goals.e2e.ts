// Objectives and requirements: through the runner and by k6 alone, while running and afterwards; exit codes.
import { describe, expect, it } from "vitest";
import type { BehaviourSource } from "../fake/behaviour.ts";
import { iterations, runLoad } from "../fake/fake-load.ts";
import { startFakeServer } from "../fake/fake-server.ts";
import { type RunnerRun, runRunner } from "../run/runner-run.ts";

/** Every second answer takes half a second to begin. */
const half: BehaviourSource = (index) => ({
  tokens: 8,
  tokenDelayMs: 2,
  firstTokenDelayMs: index % 2 ? 500 : 1,
});

async function run(behaviour: BehaviourSource, args: readonly string[]): Promise<RunnerRun> {
  const server = await startFakeServer({ behaviour });
  try {
    return await runRunner({ args: ["--url", server.url, "--max-tokens", "16", ...args] });
  } finally {
    await server.close();
  }
}
const load = ["--vus", "2", "--iterations", "20"];

describe("by the runner", () => {
  it("requirements that hold: exit code 0, each with its number; k6's threshold of the same is not shown twice", async () => {
    const ran = await run(half, [
      ...load,
      ...["--slo", "ttft=250ms", "--slo", "e2e=5s"],
      ...["--require", "goodput >= 40%", "--require", "itl.median < 1s", "--require", "ttft.max < 5s"],
    ]);
    expect(ran.exitCode).toBe(0);
    expect(ran.summary?.goodput).toMatchObject({
      slos: [
        { metric: "ttft", limitMs: 250, from: "sent", met: 10, missed: 10 },
        { metric: "e2e", limitMs: 5000, met: 20, missed: 0 },
      ],
      met: 10,
      missed: 10,
      neverSent: 0,
      share: 0.5,
    });
    expect(ran.summary?.requirements?.map(({ ok }) => ok)).toEqual([true, true, true]);
    expect(ran.summary?.thresholds.map(({ metric }) => metric)).toContain("llamacpp_goodput_rate");
    expect(ran.stdout).toContain("✓ every requirement passed");
    expect(ran.stdout).toMatch(/✓ passed {2}goodput >= 40% \(50 %\)/);
    expect(ran.stdout).not.toContain("llamacpp_goodput_rate");
    expect(ran.stdout).toMatch(/Goodput +50 %: 10 of 20 met every SLO/);
  });

  it.each([
    ["that k6 judges as well", "ttft.p95 < 100ms"],
    ["that only the runner can judge", "completed > 1000"],
    ["about a number that the run does not have", "cached-tokens.mean > 0"],
  ])("a requirement %s and that does not hold: exit code 99, the run is whole", async (_, text) => {
    const ran = await run({ tokens: 8, firstTokenDelayMs: 200 }, [...load, "--require", text]);
    expect(ran.exitCode).toBe(99);
    expect(ran.summary?.run.partial).toBe(false);
    expect(ran.summary?.requirements).toMatchObject([{ text, ok: false }]);
    expect(ran.stdout).toContain(`✗ FAILED  ${text}`);
  });

  it("failures and arrivals that were never sent miss every objective", async () => {
    const ran = await run(
      (index) => (index % 4 === 3 ? { status: 503 } : { tokens: 4, tokenDelayMs: 400 }),
      [
        ...["--rate", "20", "--duration", "2s", "--max-concurrency", "4", "--when-busy", "drop"],
        ...["--slo", "e2e=60s"],
      ],
    );
    const { goodput, arrivals, requests } = ran.summary ?? {};
    expect(arrivals?.dropped).toBeGreaterThan(0);
    expect(requests?.byVerdict.http_error).toBeGreaterThan(0);
    expect(goodput).toMatchObject({
      met: requests?.byVerdict.complete,
      missed: requests?.byVerdict.http_error,
      neverSent: arrivals?.dropped,
    });
    expect(goodput?.share).toBe(Number(requests?.byVerdict.complete) / 40);
  });

  it("--abort-on ends the run, which says so", async () => {
    const ran = await run(
      (index) => (index % 3 ? { status: 500 } : { tokens: 2 }),
      [
        ...["--vus", "1", "--duration", "60s", "--iterations", "100000", "--sleep", "0.5"],
        ...["--abort-on", "success < 50%"],
      ],
    );
    expect(ran.exitCode).toBe(99);
    expect(ran.summary?.run).toMatchObject({
      partial: true,
      partialReason: "`--abort-on` ended it, because of `success < 50%`",
    });
    expect(ran.stdout).toContain("✗ FAILED  not success < 50%");
  });

  it("a finished run is judged by other goals, with an exit code", async () => {
    const ran = await run(half, load);
    const cwd = String(ran.folder).replace(/\/runs\/.*/, "");
    const judge = (...args: string[]) => runRunner({ cwd, args: ["report", String(ran.folder), ...args] });
    const failed = await judge("--slo", "ttft=250ms", "--require", "goodput > 60%");
    expect(failed.exitCode).toBe(99);
    expect(failed.summary?.goodput?.share).toBe(0.5);
    expect((await judge("--require", "success == 100%")).exitCode).toBe(0);
    const wrong = await judge("--require", "dropped == 0");
    expect(wrong.exitCode).toBe(2);
    expect(wrong.stderr).toContain("applies only to an open loop");
  });

  it.each([
    [["--require", "ttft.p95 < 800"], "  ttft.p95 < 800\n             ^"],
    [["--slo", "ttft=500"], "a time above 0 with its unit"],
    [["--require", "goodput > 90%"], "has no effect without `--slo`"],
    [["--abort-on", "itl.p99 > 1s"], "cannot be monitored"],
  ])("%j is refused before anything starts", async (args, words) => {
    const ran = await run({}, [...load, ...args]);
    expect(ran.exitCode).toBe(2);
    expect(ran.stderr).toContain(words);
    expect(ran.folder).toBeUndefined();
  });
});

describe("by k6 alone", () => {
  it("goodput is a rate of k6, and decides its exit code", async () => {
    const env = {
      SERVER_BENCH_SLO: "ttft=250ms",
      SERVER_BENCH_REQUIRE: '["goodput > 60%", "ttft.max < 10s"]',
    };
    const { run: ran } = await runLoad(half, { args: iterations(20, 2), env });
    expect(ran.exitCode).toBe(99);
    expect(ran.output).toMatch(/✗ FAILED {2}llamacpp_goodput_rate: rate>0\.6/);
    expect(ran.output).toMatch(/✓ passed {2}llamacpp_ttft: max<10000/);
    expect(ran.output).toMatch(/llamacpp_goodput_rate +50 %/);
  });

  it("what it cannot judge is refused, not ignored", async () => {
    const { run: ran, server } = await runLoad(half, { env: { SERVER_BENCH_REQUIRE: "rps > 1" } });
    expect(ran.exitCode).toBe(107);
    expect(ran.output).toContain("k6 cannot evaluate `rps > 1`");
    expect(server.requests).toHaveLength(0);
  });
});
