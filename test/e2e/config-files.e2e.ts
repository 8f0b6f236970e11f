// Configuration files as people use them: a matrix over two servers, the positional form, flags of other tools, and what is wrong.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { ConfigFile } from "../../bench-runner/run-folder/run-files.ts";
import { BATCH_FILE, type BatchFile } from "../../bench-runner/runs/batch/batch-file.ts";
import type { Summary } from "../../bench-runner/summary/summary.ts";
import {
  type Behaviour,
  type FakeServer,
  type FakeServerOptions,
  startFakeServer,
} from "../fake/fake-server.ts";
import { makeFolder } from "../run/k6-run.ts";
import { type RunnerOptions, runRunner } from "../run/runner-run.ts";
import { createSchemaCheck } from "../unit-support/examples/schema-check.ts";

const quick: Behaviour = { tokens: 6, tokenDelayMs: 2 };

const checkSummary = createSchemaCheck("summary");

const running: FakeServer[] = [];
async function start(options: FakeServerOptions = {}): Promise<FakeServer> {
  const server = await startFakeServer({ behaviour: quick, ...options });
  running.push(server);
  return server;
}
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});

const WORKLOADS = `workloads:
  - name: paced
    duration: 1
    rps: 8
    concurrency: 4
    max_tokens: 32
  - name: users
    concurrency: 2
    iterations: 6
`;

/** A folder with ./configs, as in the documents. */
function makeConfigs(targets: string): string {
  const cwd = makeFolder();
  mkdirSync(join(cwd, "configs"));
  const files = {
    targets,
    models: "models:\n  - name: small\n    full_name: org/small-instruct\n",
    workloads: WORKLOADS,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, "configs", `${name}.yaml`), text);
  return cwd;
}

const toTarget = (name: string, { url }: FakeServer, more = "") =>
  `  - name: ${name}\n    base_url: ${url}/v1\n${more}`;

function readJson<T>(...path: string[]): T {
  return JSON.parse(readFileSync(join(...path), "utf8")) as T;
}

/** Body of the first request. */
function bodyOf({ chats }: FakeServer): Record<string, unknown> {
  return (chats[0]?.body ?? {}) as Record<string, unknown>;
}

/** The one folder in ./runs, and the run folders in it. */
function readBatch(cwd: string): { folder: string; runs: string[]; file: BatchFile } {
  const [name = ""] = readdirSync(join(cwd, "runs"));
  const folder = join(cwd, "runs", name);
  const runs = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  return { folder, runs, file: readJson<BatchFile>(folder, BATCH_FILE) };
}

describe("two targets and two workloads", () => {
  it("are four runs in one folder, with a matrix of them", async () => {
    const [one, two] = [await start(), await start({ behaviour: { ...quick, tokenDelayMs: 6 } })];
    const cwd = makeConfigs(
      `targets:\n${toTarget("one", one, '    api_key: "EMPTY"\n')}${toTarget("two", two, "    api_key_env: TWO_KEY\n")}`,
    );
    const outlets = ["--append", "all.csv", "--results", "results"];
    const run = await runRunner({
      cwd,
      args: ["--target", "one", "--target", "two", "--workload", "paced,users", ...outlets],
      env: { TWO_KEY: "key-of-two", SERVER_BENCH_API_KEY: "key-of-nobody" },
    });
    expect(run.exitCode, run.stderr).toBe(0);
    const { folder, runs, file } = readBatch(cwd);
    expect(runs).toEqual([
      "01-one-small-paced",
      "02-one-small-users",
      "03-two-small-paced",
      "04-two-small-users",
    ]);
    expect(
      file.runs.map(({ target, workload, exitCode, folder: own }) => [target, workload, exitCode, own]),
    ).toEqual([
      ["one", "paced", 0, runs[0]],
      ["one", "users", 0, runs[1]],
      ["two", "paced", 0, runs[2]],
      ["two", "users", 0, runs[3]],
    ]);
    for (const [index, name] of runs.entries()) {
      const { requests, configuration } = readJson<Summary>(folder, name, "summary.json");
      expect(requests.byVerdict.complete).toBe(index % 2 === 0 ? 8 : 6);
      expect(configuration.values).toMatchObject({
        ...(index % 2 === 0 ? { workload: "paced", rate: 8, maxTokens: 32 } : { workload: "users", vus: 2 }),
        target: index < 2 ? "one" : "two",
        modelAlias: "org/small-instruct",
      });
    }
    for (const name of ["matrix.html", "matrix.md", "matrix.csv"])
      expect(existsSync(join(folder, name))).toBe(true);
    expect(run.stdout).toMatch(/^4 runs: /m);
    expect(readFileSync(join(cwd, "all.csv"), "utf8").trim().split("\n")).toHaveLength(5);
    const listResults = (part: string) =>
      readdirSync(join(cwd, "results", part)).map((name) => name.replace(/\d{8}_\d{6}/, "DATE"));
    const named = ["one_small_paced", "one_small_users", "two_small_paced", "two_small_users"];
    expect(listResults("raw")).toEqual(named.map((name) => `bench_${name}_DATE.jsonl`));
    expect(listResults("summary")).toEqual(named.map((name) => `bench_${name}_DATE.csv`));
    const reportPath = join(cwd, "results/reports/benchmark_report.md");
    const report = readFileSync(reportPath, "utf8");
    expect(report.match(/^## .*$/gm)).toEqual([
      "## paced · one · org/small-instruct",
      "## paced · two · org/small-instruct",
      "## users · one · org/small-instruct",
      "## users · two · org/small-instruct",
    ]);
    expect(report).toMatch(/\| paced \| one \| org\/small-instruct \| [-0-9: ]{19} \| +8 \| +100 \|/);
    rmSync(join(cwd, "results/summary"), { recursive: true });
    rmSync(reportPath);
    const redone = await runRunner({ cwd, args: ["results"] });
    expect(redone.exitCode, redone.stderr).toBe(0);
    expect(readFileSync(reportPath, "utf8")).toBe(report);

    // Each server gets its own key and no other; no file has one.
    const keysOf = (server: FakeServer) => new Set(server.chats.map(({ headers }) => headers.authorization));
    expect(keysOf(one)).toEqual(new Set(["Bearer EMPTY"]));
    expect(keysOf(two)).toEqual(new Set(["Bearer key-of-two"]));
    for (const name of runs) {
      const config = readFileSync(join(folder, name, "config.json"), "utf8");
      expect(config).not.toMatch(/key-of-|EMPTY/);
    }
    expect(run.stdout + run.stderr).not.toMatch(/key-of-/);
    expect(new Set(two.chats.map(({ body }) => (body as { model: string }).model))).toEqual(
      new Set(["org/small-instruct"]),
    );
  });

  it("are measured as far as possible: a server that does not answer does not prevent the other runs", async () => {
    const [gone, there] = [await start(), await start()];
    const cwd = makeConfigs(`targets:\n${toTarget("gone", gone)}${toTarget("there", there)}`);
    await gone.close();
    const run = await runRunner({
      cwd,
      args: ["--target", "all", "--workload", "users", "--json", "--ready-timeout", "0"],
    });
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain("gone · small · users: No server answers at");
    const { file } = readBatch(cwd);
    expect(file.runs.map(({ exitCode }) => exitCode)).toEqual([1, 0]);
    expect(file.runs[0]?.problem).toContain("No server answers at");
    const summaries = JSON.parse(run.stdout) as Summary[];
    expect(summaries.map(({ requests }) => requests.byVerdict.complete)).toEqual([6]);
  });

  it("keep what was measured when Ctrl-C ends them", async () => {
    const server = await start();
    const cwd = makeConfigs(`targets:\n${toTarget("one", server)}${toTarget("two", server)}`);
    const run = await runRunner({
      cwd,
      args: ["--target", "one,two", "--workload", "users", "--iterations", "400", "--n-prompts", "400"],
      whileRunning: async (pid) => {
        while (server.chats.length < 20) await new Promise((resolve) => setTimeout(resolve, 20));
        process.kill(pid, "SIGINT");
      },
    });
    expect(run.exitCode, run.stderr).toBe(105);
    const { folder, runs, file } = readBatch(cwd);
    expect(runs).toEqual(["01-one-small-users"]);
    expect(file.end).toBeDefined();
    expect(readJson<Summary>(folder, "01-one-small-users", "summary.json").requests.started).toBeGreaterThan(
      19,
    );
    expect(existsSync(join(folder, "matrix.html"))).toBe(true);
    expect(run.stderr).toContain("1 of 2 runs were not begun");
  });
});

describe("a server that is started for its runs", () => {
  it("is started once for all workloads of a model, and gone after them", async () => {
    const server = new URL("../fake/fake-server.ts", import.meta.url).pathname;
    const cwd = makeConfigs(
      `targets:\n  - name: own\n    start: echo "$$" >> started; exec "${process.execPath}" "${server}" --port {port} --behaviour plain\n`,
    );
    const run = await runRunner({ cwd, args: ["--target", "own", "--workload", "paced,users"] });
    expect([0, 99], run.stderr).toContain(run.exitCode);
    const { runs, folder } = readBatch(cwd);
    expect(runs).toHaveLength(2);
    for (const name of runs)
      expect(readJson<ConfigFile>(folder, name, "config.json").serverStartedHere).toBe(true);
    const pids = readFileSync(join(cwd, "started"), "utf8").trim().split("\n");
    expect(pids).toHaveLength(1);
    expect(() => process.kill(Number(pids[0]), 0)).toThrow("ESRCH");
  });
});

describe("a server that dies", () => {
  it("is started again for the next run", async () => {
    const server = new URL("../fake/fake-server.ts", import.meta.url).pathname;
    const cwd = makeConfigs(
      `targets:\n  - name: own\n    start: echo "$$" >> started; exec "${process.execPath}" "${server}" --port {port} --behaviour steady\n`,
    );
    const started = join(cwd, "started");
    const pids = () =>
      existsSync(started) ? readFileSync(started, "utf8").trim().split("\n").map(Number) : [];
    const run = await runRunner({
      cwd,
      args: ["--target", "own", "--workload", "paced,users", "--max-tokens", "64", "--truncated-limit", "1"],
      whileRunning: async () => {
        const hasBegun = () =>
          existsSync(join(cwd, "runs")) &&
          readdirSync(join(cwd, "runs"), { recursive: true }).some((path) =>
            String(path).endsWith("records.jsonl"),
          );
        while (!hasBegun()) await new Promise((resolve) => setTimeout(resolve, 20));
        process.kill(pids()[0] as number, "SIGKILL");
      },
    });
    expect(run.exitCode, run.stderr).toBe(3);
    const { file } = readBatch(cwd);
    expect(file.runs.map(({ exitCode }) => exitCode)).toEqual([3, 0]);
    expect(pids()).toHaveLength(2);
  });
});

describe("one run", () => {
  it("takes target, model and workload without flags, and flags over what they say", async () => {
    const server = await start();
    const cwd = makeConfigs(`targets:\n${toTarget("vllm-local", server)}`);
    const run = await runRunner({
      cwd,
      args: ["vllm-local", "small", "high-load", "--duration", "1", "--max-tokens", "16"],
      env: { SERVER_BENCH_RATE: "6", SERVER_BENCH_MAX_TOKENS: "99" },
    });
    expect(run.stderr).not.toMatch(/Error/);
    expect(run.config?.name).toBe("vllm-local-small-high-load");
    expect(run.config?.values).toMatchObject({
      ...{ workload: "high-load", target: "vllm-local", modelAlias: "org/small-instruct" },
      ...{ maxTokens: 16, rate: 6, duration: 1, maxConcurrency: 50, temperature: 0.7 },
    });
    expect(run.config?.origins).toMatchObject({
      ...{ maxTokens: "flag", rate: "variable", target: "flag", modelAlias: "file" },
    });
    expect(server.chats).toHaveLength(6);
    expect(bodyOf(server).temperature).toBe(0.7);
  });

  it("takes all of it from variables, which k6 does not get to read", async () => {
    const server = await start();
    const cwd = makeConfigs(`targets:\n${toTarget("vllm-local", server)}`);
    const env = {
      SERVER_BENCH_TARGET: "vllm-local",
      SERVER_BENCH_MODEL: "small",
      SERVER_BENCH_WORKLOAD: "users",
    };
    const run = await runRunner({ cwd, env });
    expect(run.exitCode, run.stderr).toBe(0);
    expect(run.config?.values).toMatchObject({ workload: "users", vus: 2, iterations: 6 });
    expect(checkSummary(run.summary)).toBe("");
  });

  it("by other commands is the same server", async () => {
    const server = await start();
    const cwd = makeConfigs(`targets:\n${toTarget("vllm-local", server, "    api_key: mine\n")}`);
    const args = ["sweep", "--target", "vllm-local", "--concurrency", "1,2", "--iterations", "4"];
    const run = await runRunner({ cwd, args });
    expect(run.exitCode, run.stderr).toBe(0);
    expect(new Set(server.chats.map(({ headers }) => headers.authorization))).toEqual(
      new Set(["Bearer mine"]),
    );
  });

  it("needs nothing but a server-bench.yaml in the folder", async () => {
    const server = await start();
    const cwd = makeFolder();
    writeFileSync(
      join(cwd, "server-bench.yaml"),
      `url: \${WHERE}\nname: nightly\nvus: 2\niterations: 5\nstop: [END]\n`,
    );
    const run = await runRunner({ cwd, env: { WHERE: server.url } });
    expect(run.exitCode, run.stderr).toBe(0);
    expect(run.config?.values).toMatchObject({ name: "nightly", vus: 2, iterations: 5 });
    expect(run.config?.origins).toMatchObject({ url: "file", vus: "file", stop: "file" });
    expect(bodyOf(server).stop).toEqual(["END"]);
  });

  it("understands the flags and variables of other tools", async () => {
    const server = await start();
    const run = await runRunner({
      args: ["--num-requests", "6", "--num-threads", "2", "--num-turns", "1", "--ramp-up-time", "0"],
      env: {
        BACKEND: "vllm",
        VLLM_SERVER_URL: server.url,
        ENABLE_SYSTEM_PROMPT: "0",
        MODEL_SIZE: "7",
        MODE: "fp16",
      },
    });
    expect(run.exitCode, run.stderr).toBe(0);
    expect(run.stderr).toContain("BACKEND, MODEL_SIZE, MODE, ENABLE_SYSTEM_PROMPT, VLLM_SERVER_URL");
    expect(run.config?.values).toMatchObject({
      ...{
        vus: 2,
        iterations: 6,
        nPrompts: 6,
        endpoint: "completions",
        name: "vllm-7b-fp16",
        systemPrompt: "",
      },
    });
    expect(server.chats.map(({ path }) => path)).toEqual(Array(6).fill("/v1/completions"));
  });

  it("ends its clients by time as `--thread-stop-time` says, with `--num-requests` prompts", async () => {
    const server = await start();
    const run = await runRunner({
      args: [
        ...["--base-url", server.url, "--backend", "vllm", "--num-requests", "4", "--num-threads", "2"],
        ...["--ramp-up-time", "1", "--thread-stop-time", "1"],
      ],
    });
    expect(run.exitCode, run.stderr).toBe(0);
    expect(run.config?.values).toMatchObject({ nPrompts: 4, threadStopTime: 1, rampUp: 1 });
    expect(server.chats.length).toBeGreaterThan(4);
  });
});

describe("what is wrong in a file", () => {
  const rows: [string, string, RunnerOptions["args"], RegExp][] = [
    [
      "a key that is mistyped",
      "targets:\n  - name: a\n    base_ulr: http://localhost:1\n",
      ["--target", "a"],
      /^configs\/targets\.yaml:3: Unknown key `base_ulr` of a target\. Did you mean `base_url`\?$/,
    ],
    [
      "no YAML",
      "targets:\n  - name: [a\n",
      ["--target", "a"],
      /^configs\/targets\.yaml:\d: This is not valid YAML: .*\. Correct this line or the one before\.$/,
    ],
    [
      "a workload that does not go with a flag",
      "targets:\n  - {name: a, base_url: 'http://localhost:1'}\n  - {name: b, base_url: 'http://localhost:2'}\n",
      ["--target", "a,b", "--workload", "paced", "--vus", "2"],
      /^a · small · paced: `--vus` \(SERVER_BENCH_VUS\) is not an option of the scenario `open`/,
    ],
  ];
  it.each(rows)("%s: one sentence, exit code 2, nothing begun", async (_, targets, args = [], message) => {
    const cwd = makeConfigs(targets);
    const run = await runRunner({ cwd, args });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toMatch(message);
    expect(existsSync(join(cwd, "runs"))).toBe(false);
  });
});
