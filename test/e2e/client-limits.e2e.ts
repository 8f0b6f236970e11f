// What the client itself can do: calibration, open files, token gaps out of k6's memory, connections opened before the load.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import type { Calibration } from "../../bench-runner/run-folder/calibration-file.ts";
import { iterations, runLoad } from "../fake/fake-load.ts";
import { startFakeServer } from "../fake/fake-server.ts";
import { makeFolder, ownK6 } from "../run/k6-run.ts";
import { runnerBundle, runRunner } from "../run/runner-run.ts";

/** 16 tokens, 5 ms apart. */
const paced = { tokens: 16, firstTokenDelayMs: 20, tokenDelayMs: 5 };
const few = ["--iterations", "6", "--vus", "2"];

describe("calibrate", () => {
  it("compares the run's own pace with a known truth, apart from the result and never in it", async () => {
    const run = await runRunner({ args: few, fake: { behaviour: paced } });
    const folder = run.folder as string;
    const calibrated = await runRunner({ args: ["calibrate", folder] });
    expect(calibrated.stderr).toMatch(/Calibrating: 2 clients against the null server, 16 tokens an answer/);
    expect(calibrated.exitCode).toBe(0);
    const calibration = JSON.parse(readFileSync(join(folder, "calibration.json"), "utf8")) as Calibration;
    expect(calibration).toMatchObject({
      schema: "server-bench/calibration/1",
      streams: 2,
      requests: 6,
      unmatched: 0,
    });
    // The circumstances of the run.
    expect(calibration.clientPriority).toEqual(run.summary?.environment?.clientPriority);
    expect(calibration.paceMs).toBeCloseTo(run.summary?.metrics.tpot?.median as number, 6);
    expect(calibration.stampErrorMs.p99).toBeGreaterThanOrEqual(calibration.stampErrorMs.median);
    expect(calibration.eventsPerSecond).toBeGreaterThan(0);
    expect(calibrated.stdout).toMatch(
      /Calibrated +stamp error p99 .* at 2 streams( beside [\d.]+ busy cores)?; client's limit/,
    );

    const again = await runRunner({ args: ["report", folder] });
    expect(again.stdout).toBe(calibrated.stdout);
    const { calibration: shown, ...rest } = JSON.parse(readFileSync(join(folder, "summary.json"), "utf8"));
    expect(shown).toEqual(calibration);
    expect(rest).toEqual(run.summary);
  });

  it("takes options instead of a run, and makes a folder", async () => {
    const run = await runRunner({
      args: ["calibrate", ...few, "--max-tokens", "8", "--name", "this machine"],
    });
    expect(run.exitCode).toBe(0);
    expect(run.folder).toMatch(/-this-machine-calibration$/);
    expect(existsSync(join(run.folder as string, "calibration.json"))).toBe(true);
    expect(run.stdout).toMatch(/^Calibrated: stamp error p99 /);
  });

  it("takes a folder or options, not both", async () => {
    const run = await runRunner({ args: ["calibrate", makeFolder(), "--vus", "3"] });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toMatch(/^`--vus` cannot go with a run folder/);
  });

  it("refuses what is about a run's results", async () => {
    const run = await runRunner({ args: ["calibrate", "--vus", "3", "--json"] });
    expect([run.exitCode, run.stdout]).toEqual([2, ""]);
    expect(run.stderr).toContain("`calibrate` does not take `--json`");
  });

  it("says what is wrong with a folder that is no run", async () => {
    const run = await runRunner({ args: ["calibrate", makeFolder()] });
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toMatch(
      /config\.json cannot be read: it does not exist\. Give the folder of a finished run/,
    );
  });
});

describe("a low limit of open files", () => {
  const runWith = async (limit: number, vus: number) => {
    const server = await startFakeServer({ behaviour: paced });
    const cwd = makeFolder();
    const args = ["--url", server.url, "--vus", `${vus}`, "--iterations", `${vus}`];
    const script = `ulimit -n ${limit}; exec "$0" "$@"`;
    const run = await execa("/bin/sh", ["-c", script, process.execPath, runnerBundle, ...args], {
      cwd,
      env: { BENCH_K6_BIN_PATH: ownK6, XDG_CACHE_HOME: join(cwd, "cache") },
      reject: false,
      stdin: "ignore",
      timeout: 60_000,
    });
    await server.close();
    return { ...run, chats: server.chats.length, made: existsSync(join(cwd, "runs")) };
  };

  it("is refused before anything starts where it cannot work, with the remedy", async () => {
    const run = await runWith(64, 60);
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toMatch(
      /^60 clients need \d+ open files or more, and 64 are allowed here .*`ulimit -n 160`/,
    );
    expect(run).toMatchObject({ chats: 0, made: false });
  });

  it("is told and tried where it may work", async () => {
    const run = await runWith(64, 4);
    expect(run.stderr).toContain("The limit of open files is low: 64 (`ulimit -Hn`) for 4 clients.");
    expect(run.exitCode).toBe(0);
    expect(run.chats).toBe(4);
  });
});

describe("token gaps as samples of k6's", () => {
  it("are none with `--itl-samples off`; the summary's ITL is there, and k6 and journal agree", async () => {
    const run = await runRunner({ args: [...few, "--itl-samples", "off"], fake: { behaviour: paced } });
    expect(run.exitCode).toBe(0);
    const k6Summary = readFileSync(join(run.folder as string, "k6-summary.json"), "utf8");
    expect(k6Summary).not.toContain("llamacpp_itl");
    expect(run.summary?.metrics.itl?.count).toBe(6 * 15);
    expect(run.summary?.crossCheck).toEqual({ verdict: "exact", differences: [] });
  });

  it.each([
    // 9,765 · 512 tokens are below 5 million, 9,766 · 512 above.
    [9_765, undefined],
    [9_766, "About 5000192 tokens are expected, more than 5000000"],
  ])("%d iterations of 512 tokens by default: said once where they are left out", async (count, said) => {
    const args = ["--vus", "2", "--iterations", `${count}`, "--duration", "1s"];
    const { run } = await runLoad(paced, { args });
    expect(run.requests.some(({ gapsUs = [] }) => gapsUs.length === 15)).toBe(true);
    expect(run.output.split("tokens are expected").length - 1).toBe(said === undefined ? 0 : 1);
    if (said !== undefined) expect(run.output).toContain(said);
    expect(run.summary?.metrics.llamacpp_itl === undefined).toBe(said !== undefined);
    // The console's table does without, too.
    expect(run.output.includes("llamacpp_itl (ms)")).toBe(said === undefined);
  });
});

describe("--warm-connections", () => {
  it("opens each client's connection before the first request leaves, and no result shows it", async () => {
    const env = { SERVER_BENCH_WARM_CONNECTIONS: "true" };
    const { run, server } = await runLoad(paced, { args: iterations(24, 8), env });
    expect(run.exitCode).toBe(0);
    expect(server.connections).toBe(8);
    const paths = server.requests.map(({ path }) => path);
    expect(paths.slice(0, 8)).toEqual(Array(8).fill("/health"));
    expect(paths.slice(8)).toEqual(Array(24).fill("/v1/chat/completions"));
    expect(run.requests.map(({ reused }) => reused)).toEqual(Array(24).fill(true));
    expect(run.summary?.metrics.http_reqs?.values.count).toBe(24);
  });

  it("is off by default", async () => {
    const { run, server } = await runLoad(paced, { args: iterations(8, 2) });
    expect(server.requests.map(({ path }) => path)).toEqual(Array(8).fill("/v1/chat/completions"));
    expect(run.requests.filter(({ reused }) => !reused)).toHaveLength(2);
  });
});
