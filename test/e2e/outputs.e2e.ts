// Where the results of a run go besides its folder: standard output, `--append`, the files of a GitHub Actions step.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FakeServer, startFakeServer } from "../fake/fake-server.ts";
import { makeFolder } from "../run/k6-run.ts";
import { type RunnerOptions, type RunnerRun, runnerBundle, runRunner } from "../run/runner-run.ts";

let server: FakeServer;
beforeAll(async () => {
  server = await startFakeServer({ behaviour: { tokens: 5, tokenDelayMs: 1 } });
});
afterAll(() => server.close());

const run = (args: string[], options: RunnerOptions = {}): Promise<RunnerRun> =>
  runRunner({ ...options, args: ["--url", server.url, "--vus", "2", "--iterations", "6", ...args] });
const report = (ran: RunnerRun, args: string[], env: Record<string, string> = {}) =>
  runRunner({ args: ["report", ran.folder as string, ...args], env });
const inFolder = ({ folder }: RunnerRun, name: string) => readFileSync(join(folder as string, name), "utf8");

describe("standard output", () => {
  it.runIf(process.platform === "linux").each([
    ["on a full disk is a failure", "> /dev/full", /^1 The output could not be written: the disk is full\./],
    [
      "beyond the limit of file sizes is a failure",
      "> $FILE",
      /^1 The output could not be written: the file would be larger .*`ulimit -f`/,
    ],
    ["whose reader has gone is none", "| head -1 > /dev/null", /^0 $/],
  ])("%s", async (_, redirection, expected) => {
    const line = `(ulimit -f 1; "$NODE" "$RUNNER" --help all 2>"$SAID" ${redirection}; echo "\${PIPESTATUS[0]}")`;
    const said = join(makeFolder(), "said");
    const env = { NODE: process.execPath, RUNNER: runnerBundle, SAID: said, FILE: `${said}.txt` };
    const { stdout } = await execa("bash", ["-c", line], { env });
    expect(`${stdout} ${readFileSync(said, "utf8")}`).toMatch(expected);
  });

  it("--json: is summary.json, for `run` and for `report`; notices go to stderr", async () => {
    const ran = await run(["--json"]);
    expect(ran.exitCode).toBe(0);
    expect(`${ran.stdout}\n`).toBe(inFolder(ran, "summary.json"));
    expect(JSON.parse(ran.stdout)).toEqual(ran.summary);
    expect(ran.summary?.histograms?.ttft?.bins.reduce((sum, [, , count]) => sum + count, 0)).toBe(6);
    expect(ran.stderr).toContain("Server ready");
    const again = await report(ran, ["--json"]);
    expect(`${again.stdout}\n`).toBe(inFolder(ran, "summary.json"));
  });

  it("--json with --repeat: is an array, in the order of the runs", async () => {
    const ran = await run(["--json", "--repeat", "2"]);
    const summaries = ["repeat-1", "repeat-2"].map((name) =>
      JSON.parse(inFolder(ran, join(name, "summary.json"))),
    );
    expect(JSON.parse(ran.stdout)).toEqual(summaries);
    const folders = ["repeat-1", "repeat-2"].map((name) => join(ran.folder as string, name));
    const again = await runRunner({ args: ["report", ...folders, "--json"] });
    expect(JSON.parse(again.stdout)).toEqual(summaries);
  });

  it("--quiet: is the folder; stderr has the warnings and nothing else", async () => {
    const ran = await run(["--quiet"]);
    expect(ran.exitCode).toBe(0);
    expect(ran.stdout).toBe(ran.folder);
    const warnings = ran.summary?.warnings.map(({ text, remedy }) => `! ${text} → ${remedy}`) ?? [];
    expect(warnings).not.toEqual([]);
    expect(ran.stderr).toBe(warnings.join("\n"));
    expect((await report(ran, ["--quiet"])).stdout).toBe(ran.folder);
  });

  it("--quiet: still says what went wrong", async () => {
    const to = ["--url", "http://127.0.0.1:1", "--ready-timeout", "0.2"];
    const ran = await runRunner({ args: ["--quiet", ...to, "--iterations", "2"] });
    expect(ran.exitCode).not.toBe(0);
    expect(ran.stderr).toMatch(/^The server at .* was not ready within 0\.2 s/);
  });

  it("--json with --throughput-only is refused before anything starts", async () => {
    const ran = await run(["--json", "--throughput-only"]);
    expect(ran.exitCode).toBe(2);
    expect(ran.stderr).toBe(
      "Expected either `--json` or `--throughput-only`, got both: the JSON has the throughput. Leave one out.",
    );
    expect(ran.folder).toBeUndefined();
  });
});

describe("colour and characters", () => {
  it("obey FORCE_COLOR, NO_COLOR and the locale", async () => {
    const ran = await run([], { env: { LC_ALL: "C", FORCE_COLOR: "" } });
    expect(ran.stdout).not.toContain("\u001b");
    expect(ran.stdout).toMatch(/^TTFT of 6 requests \(ms\)\n *\d+ \|[#. ]+\n/m);
    const coloured = await report(ran, [], { FORCE_COLOR: "1", LC_ALL: "C.UTF-8" });
    expect(coloured.stdout).toContain("\u001b[32m✓ every threshold passed\u001b[0m");
    expect(coloured.stdout).toMatch(/[▁▂▃▄▅▆▇█]/);
    const plain = await report(ran, [], { FORCE_COLOR: "", NO_COLOR: "1" });
    expect(plain.stdout).not.toContain("\u001b");
  });
});

describe("a GitHub Actions step", () => {
  it("gets the summary on its page and bench.py's variables, once", async () => {
    const folder = makeFolder();
    const [page, variables] = [join(folder, "page.md"), join(folder, "env")];
    writeFileSync(variables, "EARLIER=1\n");
    const env = { GITHUB_STEP_SUMMARY: page, GITHUB_ENV: variables };
    const ran = await run(["--runner-label", "here"], { env });
    expect(readFileSync(page, "utf8")).toBe(`${inFolder(ran, "summary.md")}\n`);
    const lines = readFileSync(variables, "utf8").trimEnd().split("\n");
    expect(lines[0]).toBe("EARLIER=1");
    for (const line of lines) expect(line).toMatch(/^[A-Z][A-Z0-9_]*=/);
    const value = (name: string) => lines.find((line) => line.startsWith(`${name}=`))?.slice(name.length + 1);
    const results = JSON.parse(value("BENCH_RESULTS") ?? "");
    expect(results).toMatchObject({ i: 6, req: { p95: expect.any(Number), avg: expect.any(Number) } });
    expect(results.req.avg).toBeCloseTo(ran.summary?.metrics.e2e?.mean ?? 0, 1);
    expect(value("BENCH_ITERATIONS")).toBe("6");
    expect(value("BENCH_GRAPH_TITLE")).toMatch(/local on here duration=600s 6 iterations$/);
    expect(Number(value("LLAMACPP_COMPLETION_TOKENS_P_95_"))).toBeGreaterThan(0);
    expect(Number(value("LLAMACPP_COMPLETIONS_TRUNCATED_RATE_PASSES"))).toBeGreaterThanOrEqual(0);
    await report(ran, [], env);
    expect(readFileSync(page, "utf8")).toBe(`${inFolder(ran, "summary.md")}\n`);
  });
});

describe("--append", () => {
  it("adds a row a run below one header, also of repeats and of `report`", async () => {
    const cwd = makeFolder();
    const ran = await run(["--append", "all.csv"], { cwd });
    await run(["--append", "all.csv", "--repeat", "2", "--quiet"], { cwd });
    await report(ran, ["--append", join(cwd, "all.csv")]);
    const lines = readFileSync(join(cwd, "all.csv"), "utf8").trimEnd().split("\n");
    const [header, row] = inFolder(ran, "summary.csv").trimEnd().split("\n");
    expect(lines).toHaveLength(5);
    expect(lines[0]).toBe(header);
    expect([lines[1], lines[4]]).toEqual([row, row]);
    expect(readdirSync(cwd).filter((name) => name.includes(".csv"))).toEqual(["all.csv"]);
  });

  it("refuses a file with another header before anything starts", async () => {
    const cwd = makeFolder();
    writeFileSync(join(cwd, "other.csv"), "name,ttft\na,1\n");
    const ran = await run(["--append", "other.csv"], { cwd });
    expect(ran.exitCode).toBe(1);
    expect(ran.stderr).toMatch(/^`--append .*other\.csv`: its header differs .*\. Give another file\.$/);
    expect(existsSync(join(cwd, "runs"))).toBe(false);
    expect(readFileSync(join(cwd, "other.csv"), "utf8")).toBe("name,ttft\na,1\n");
  });
});
