// What a sweep finds: the capacity of the fake server, which is known, and of the real llama-server.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { SweepFile } from "../../bench-runner/decide/sweep/sweep-file.ts";
import type { Behaviour } from "../fake/fake-server.ts";
import { makeFolder } from "../run/k6-run.ts";
import { countedByServer, runRunner } from "../run/runner-run.ts";
import { closeServers, loadAt, quick, startServer, sweep } from "../run/sweep-run.ts";
import { needTool } from "../run/tool.ts";
import { createSchemaCheck } from "../unit-support/examples/schema-check.ts";

const checkSweep = createSchemaCheck("sweep");
const checkSummary = createSchemaCheck("summary");

afterEach(closeServers);

/** Ten tokens in 100 ms. */
const brisk: Behaviour = { tokens: 10, firstTokenDelayMs: 10, tokenDelayMs: 10 };

describe("a server whose capacity is known: 4 slots, 100 ms an answer, 40 a second", () => {
  it("its highest rate is found within a tenth, and its runs are there", async () => {
    const cwd = makeFolder();
    const rows = join(cwd, "all.csv");
    const url = await startServer({ ...brisk, slots: 4 });
    const {
      exitCode,
      sweep: file,
      folder = "",
      stdout,
    } = await sweep(
      [
        ...["--url", url, "--rates", "16,32,64,1000", "--arrivals", "constant", "--duration", "3s"],
        // At a rate a tenth too high, nearly half of the requests are due while more than that wait.
        ...[
          "--slo",
          "ttft=175ms",
          "--goodput-target",
          "90%",
          "--require",
          "success >= 99%",
          "--append",
          rows,
        ],
      ],
      { cwd, env: { SERVER_BENCH_API_KEY: "top-secret" } },
    );
    expect(exitCode).toBe(0);
    const found = loadAt(file, file.outcome?.meets);
    expect(Math.abs(found / 40 - 1)).toBeLessThan(0.1);
    expect(loadAt(file, file.outcome?.fails) / found).toBeLessThan(1.06);
    // It stopped by itself: 1,000 a second were not tried.
    expect(Math.max(...file.points.map(({ load }) => load))).toBe(64);
    expect(loadAt(file, file.outcome?.saturated)).toBeLessThanOrEqual(64);
    expect(file.outcome?.reason).toBe("found");
    expect(checkSweep(file)).toBe("");
    expect(stdout).toContain(`Highest rate that meets the SLOs and requirements: ${found}/s (`);
    expect(readFileSync(rows, "utf8").trim().split("\n")).toHaveLength(file.points.length + 1);
    for (const name of ["sweep.md", "sweep.csv", "sweep.html"])
      expect(existsSync(join(folder, name))).toBe(true);
    expect(readFileSync(join(folder, "sweep.json"), "utf8")).not.toContain("top-secret");
    for (const { runs, load } of file.points) {
      expect(existsSync(join(folder, runs[0] as string, "report.html"))).toBe(true);
      const summary = JSON.parse(readFileSync(join(folder, runs[0] as string, "summary.json"), "utf8"));
      expect(checkSummary(summary)).toBe("");
      if (load === 64) {
        expect(summary.saturation).toMatchObject({ saturated: true });
        expect(summary.saturation.achievedShare).toBeCloseTo(40 / 64, 1);
        expect(summary.warnings.map(({ code }: { code: string }) => code)).toContain("saturated");
      }
    }
  });

  it("more clients than slots bring no more: the sweep ends by itself, and the knee is at 4", async () => {
    const url = await startServer({ ...brisk, slots: 4 });
    const { exitCode, sweep: file } = await sweep([
      ...["--url", url, "--concurrency", "auto", "--iterations", "40", "--json"],
    ]);
    expect(exitCode).toBe(0);
    expect(file.outcome).toMatchObject({ reason: "saturation", knee: 3 });
    // Four clients leave their slots empty between two answers: whether eight bring a twentieth more is a matter of luck.
    const most = loadAt(file, file.outcome?.saturated);
    expect([8, 16]).toContain(most);
    expect(file.points.map(({ load }) => load)).toEqual([1, 2, 4, 8, 16].filter((load) => load <= most));
    for (const { figures, load } of file.points) {
      expect(figures.requestsPerSecond).toBeGreaterThan(Math.min(load, 4) * 10 * 0.7);
    }
  });
});

it("rates that double begin with what one client gets, found by a first look", async () => {
  const url = await startServer(quick);
  const args = [
    "--url",
    url,
    "--rates",
    "auto",
    "--duration",
    "2s",
    "--arrivals",
    "constant",
    "--max-points",
    "2",
  ];
  const { exitCode, sweep: file, folder = "" } = await sweep(args);
  expect(exitCode).toBe(0);
  const { start: first = 0 } = file.goal;
  // 200 ms an answer, and what a busy machine adds to it.
  expect(first).toBeGreaterThan(2.5);
  expect(first).toBeLessThanOrEqual(5);
  expect(file.points.map(({ load }) => load)).toEqual([first, 2 * first]);
  expect(file.outcome?.reason).toBe("points");
  expect(existsSync(join(folder, "first-look", "summary.json"))).toBe(true);

  // The sweep is complete: nothing is measured again, and no server is needed.
  await closeServers();
  const again = await runRunner({ args: ["sweep", "--resume", folder], cwd: join(folder, "../..") });
  expect([again.exitCode, again.stderr]).toEqual([0, expect.stringContaining("nothing is left to measure")]);
});

it("on the real llama-server more slots serve more clients within the same SLO", async (context) => {
  const server = needTool(context, "llama-server", "LLAMA_SERVER_BIN_PATH");
  const model = needTool(context, "a small GGUF model", "SERVER_BENCH_MODEL");
  const real = (parallel: number, args: string[]) =>
    sweep(
      [
        ...[
          "--model",
          model,
          "--parallel",
          String(parallel),
          "--ctx-size",
          "2048",
          "--llama-server-arg",
          "--threads 1",
        ],
        ...["--iterations", "8", "--warmup-requests", "2", "--max-tokens", "20", "--max-prompt-tokens", "20"],
        ...["--n-prompts", "10", "--cache-prompt", "off", ...args],
      ],
      { env: { ...countedByServer, LLAMA_SERVER_BIN_PATH: server } },
    );
  const { figures } = (await real(1, ["--concurrency", "1"])).sweep.points[0] as SweepFile["points"][0];
  // Between a second client that shares the model, and one that waits for the first one's whole answer.
  const limitMs = Math.round((figures.ttftMedianMs ?? 0) + 0.6 * (figures.e2eMedianMs ?? 0));
  const goal = ["--concurrency", "1,2", "--slo", `ttft=${limitMs}ms`, "--goodput-target", "70%"];
  const [one, three] = [await real(1, goal), await real(3, goal)];
  expect(loadAt(one.sweep, one.sweep.outcome?.meets)).toBe(1);
  expect(loadAt(three.sweep, three.sweep.outcome?.meets)).toBe(2);
});
