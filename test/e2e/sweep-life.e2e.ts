// How a sweep ends and goes on: no load is good enough, an interruption, the death of the server, wrong arguments.
import { statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, expect, it } from "vitest";
import { makeFolder } from "../run/k6-run.ts";
import { runRunner } from "../run/runner-run.ts";
import { closeServers, quick, startServer, sweep } from "../run/sweep-run.ts";

afterEach(closeServers);

it("a sweep whose load never meets the goal ends with 99 and says so", async () => {
  const url = await startServer(quick);
  const {
    exitCode,
    sweep: file,
    stdout,
    folder,
  } = await sweep([
    ...["--url", url, "--concurrency", "2,4", "--iterations", "10", "--slo", "e2e=80ms", "--quiet"],
  ]);
  expect(exitCode).toBe(99);
  expect(file.points.map(({ load }) => load)).toEqual([2, 4, 1]);
  expect(file.outcome).toMatchObject({
    reason: "none",
    sentence: expect.stringMatching(/^No number of clients meets the SLOs: 1 client does not: 0 %/),
  });
  expect(stdout).toBe(folder);
});

it("interrupted it keeps what was measured, and resumed it measures only the rest", async () => {
  const url = await startServer(quick);
  const cwd = makeFolder();
  const first = await sweep(["--url", url, "--concurrency", "1,2,4", "--iterations", "30", "--repeat", "2"], {
    cwd,
    whileRunning: async (pid, output) => {
      while (!output().includes("Point 2")) await delay(50);
      await delay(1500);
      process.kill(pid, "SIGINT");
    },
  });
  expect(first.exitCode).toBe(105);
  expect(first.sweep.outcome?.reason).toBe("stopped");
  expect(first.sweep.points).toMatchObject([{ load: 1 }, { load: 2, partial: true }]);
  expect(first.sweep.points[0]).not.toHaveProperty("partial");
  const kept = join(first.folder as string, first.sweep.points[0]?.runs[1] as string, "summary.json");
  const { mtimeMs } = statSync(kept);

  const wrong = await runRunner({
    args: ["sweep", "--resume", first.folder as string, "--max-tokens", "4"],
    cwd,
  });
  expect([wrong.exitCode, wrong.stderr]).toEqual([
    2,
    expect.stringContaining("`--max-tokens` cannot be changed"),
  ]);

  const second = await sweep(["--resume", first.folder as string], { cwd });
  expect(second.exitCode).toBe(0);
  expect(second.sweep.points.map(({ load, partial, runs }) => [load, partial, runs.length])).toEqual([
    ...[
      [1, undefined, 2],
      [2, undefined, 2],
      [4, undefined, 2],
    ],
  ]);
  expect(statSync(kept).mtimeMs).toBe(mtimeMs);
  expect(second.sweep.start).toBe(first.sweep.start);
});

it("the death of the server ends it with what is there", async () => {
  const {
    exitCode,
    sweep: file,
    stderr,
  } = await sweep(
    ["--concurrency", "1,2,3,4,5,6,7,8", "--iterations", "20", "--repeat", "4", "--parallel", "3"],
    {
      fake: { behaviour: { tokens: 10, tokenDelayMs: 30 }, diesAfterMs: 10_000 },
    },
  );
  expect(exitCode).toBe(3);
  expect(file.outcome?.reason).toBe("serverDied");
  expect(file.points.at(-1)).toMatchObject({ partial: true });
  expect(stderr).toContain("Starting llama-server with 3 slots (`--parallel`), the same for every load");
});

it.each([
  [["--url", "http://127.0.0.1:9"], /give `--concurrency 1,2,4,8` or `--rates 0.5,1,2,4`/],
  [["--url", "http://127.0.0.1:9", "--rates", "1", "--vus", "2"], /`--vus` .* which a sweep varies/],
  [["--rates", "1"], /Nothing to measure/],
  [["--resume", "nowhere"], /`nowhere` is not the folder of a sweep/],
])("%j is refused before anything is started", async (args, message) => {
  const { exitCode, stderr, folder } = await runRunner({ args: ["sweep", ...args] });
  expect(stderr).toMatch(message);
  expect(exitCode).toBeGreaterThan(0);
  expect(folder).toBeUndefined();
});
