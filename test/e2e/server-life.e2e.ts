// Servers that a command starts: their start, readiness and end, what they are called, and what their start cost.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { EnvironmentFile } from "../../bench-runner/run-folder/run-files.ts";
import { startFakeServer } from "../fake/fake-server.ts";
import { makeFolder } from "../run/k6-run.ts";
import { eventually, isAlive } from "../run/living.ts";
import { makeProgram, type RunnerRun, runRunner } from "../run/runner-run.ts";
import { createSchemaCheck } from "../unit-support/examples/schema-check.ts";

const program = new URL("../run/started-server.ts", import.meta.url).pathname;
/** One line for the shell. */
const serve = (...more: string[]) =>
  [`"${process.execPath}"`, `"${program}"`, "--port {port}", ...more].join(" ");
const small = ["--iterations", "4", "--vus", "2", "--n-prompts", "4"];

function readEnvironment(run: RunnerRun): EnvironmentFile {
  return JSON.parse(readFileSync(join(run.folder as string, "environment.json"), "utf8"));
}

/** A file with the process id of a server, from its shell line. */
const noting = (file: string, line: string) => `echo $$ > "${file}"; exec ${line}`;
const readPid = (file: string) => Number(readFileSync(file, "utf8"));

describe("a server that a command starts", () => {
  it("is measured, called by its script, and its start is told in every output", async () => {
    const run = await runRunner({
      args: [...small, "--server-command", serve("--loads-for 400"), "--server-env", "GREETING=s3cret"],
    });
    expect(run.exitCode).toBe(0);
    expect(run.serverLog).toContain("GREETING is s3cret");
    const { serverStart } = readEnvironment(run);
    expect(serverStart?.readySeconds).toBeGreaterThan(0.4);
    expect(run.summary).toMatchObject({
      requests: { byVerdict: { complete: 4 } },
      configuration: { serverStartedHere: true, serverName: "started-server.ts" },
      server: { readySeconds: serverStart?.readySeconds },
    });
    expect(createSchemaCheck("summary")(run.summary)).toBe("");
    // A Node program takes tens of megabytes.
    if (process.platform === "linux") expect(run.summary?.server.memoryAfterLoadBytes).toBeGreaterThan(20e6);
    const read = (name: string) => readFileSync(join(run.folder as string, name), "utf8");
    for (const text of [run.stdout, read("summary.md"), read("report.html")]) {
      expect(text).toMatch(/Server(?:'|&#39;)s start/);
      expect(text).toMatch(/ready after [\d.]+ s/);
    }
    expect(read("report.html")).toContain("against started-server.ts on this machine");
    const [header, row] = read("summary.csv").split("\n");
    const column = header?.split(",").indexOf("server_ready_seconds") as number;
    expect(Number(row?.split(",")[column])).toBeCloseTo(serverStart?.readySeconds as number, 3);
    for (const text of [read("config.json"), read("summary.json"), read("report.html"), run.stderr]) {
      expect(text).not.toContain("s3cret");
    }
    const report = await runRunner({ args: ["report", run.folder as string, "--json"] });
    expect(JSON.parse(report.stdout).server).toEqual(run.summary?.server);
  });

  it("gets model, host and port where its command has their places, whatever the model's name has in it", async () => {
    const run = await runRunner({
      args: [
        ...[...small, "--model", "it's a; model", "--host", "localhost"],
        ...["--server-command", serve("--host {host} --model {model}")],
      ],
    });
    expect(run.exitCode).toBe(0);
    expect(run.serverLog).toMatch(/"--host","localhost","--model","it's a; model"/);
    expect(run.config).toMatchObject({
      origins: { modelAlias: "server" },
      values: { modelAlias: "it's a; model" },
    });
  });

  it("is ready when the path of --server-ready says so", async () => {
    const run = await runRunner({
      args: [
        ...[...small, "--server-ready", "/ready", "--server-name", "mine"],
        ...["--server-command", serve("--ready-path /ready --loads-for 300")],
      ],
    });
    expect(run.exitCode).toBe(0);
    expect(run.summary?.configuration.serverName).toBe("mine");
    expect(run.summary?.server.readySeconds).toBeGreaterThan(0.3);
  });

  it("dies before it is ready: how, its command and its last 20 lines", async () => {
    const run = await runRunner({ args: [...small, "--server-command", serve("--dies --api-key s3cret")] });
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toMatch(/started-server\.ts ended with exit code 7 before it was ready \(`.*--dies/);
    expect(run.stderr.match(/^ {2}line \d+ of its last words$/gm)).toHaveLength(20);
    expect(run.stderr).not.toContain("s3cret");
  });

  const wrong: [sentence: string, args: string[], code: number, message: RegExp][] = [
    [
      "is not ready in time: what was asked, and what helps",
      ["--ready-timeout", "3", "--server-command", serve("--loads-for 60000")],
      1,
      /started-server\.ts was not ready within 3 s \(`\/health` and `\/v1\/models` answered 503\)\. Give it longer/,
    ],
    [
      "is no program",
      ["--server-command", "no-such-server --port {port}"],
      1,
      /no-such-server ended with exit code 127 before it was ready .* The shell does not find the program/,
    ],
    [
      "does not say where it listens",
      ["--server-command", "python3 my_server.py"],
      1,
      /has no `\{port\}`, so it is unknown where it will answer/,
    ],
    [
      "needs a model that is not named",
      ["--engine", "vllm"],
      2,
      /`--engine vllm` needs to know which model to serve \(`\{model\}`\)\. Add `--model NAME`\./,
    ],
    [
      "has options without a command",
      ["--url", "http://127.0.0.1:9", "--server-ready", "/ready"],
      2,
      /`--server-ready` is for a server that a command starts/,
    ],
  ];
  it.for(wrong)("that %s", async ([, args, code, message]) => {
    const run = await runRunner({ args: [...small, ...args] });
    expect(run.stderr).toMatch(message);
    expect(run.exitCode).toBe(code);
  });

  it("is not measured where another one answers in its place", async () => {
    const other = await startFakeServer();
    try {
      const run = await runRunner({
        args: [...small, "--url", other.url, "--server-command", "sleep 60"],
      });
      expect(run.exitCode).toBe(1);
      expect(run.stderr).toMatch(/Port \d+ on 127\.0\.0\.1 is in use/);
      expect(other.chats).toHaveLength(0);
    } finally {
      await other.close();
    }
  });
});

describe.runIf(process.platform === "linux")("the end of such a server", () => {
  it("comes with the run, by SIGKILL where SIGTERM does not do, for all of its processes", async () => {
    const folder = makeFolder();
    const pid = join(folder, "pid");
    const line = `sh -c '${noting(pid, serve("--stubborn").replaceAll("'", ""))}' & wait`;
    const run = await runRunner({ args: [...small, "--server-command", line] });
    expect(run.exitCode).toBe(0);
    expect(run.serverLog).toContain("SIGTERM is not for me");
    expect(isAlive(readPid(pid))).toBe(false);
  });

  it("comes by its own command, also where the start left it in the background", async () => {
    const folder = makeFolder();
    const [pid, stopped] = [join(folder, "pid"), join(folder, "stopped")];
    const bodies = join(folder, "bodies");
    const start = `nohup ${serve(`--bodies "${bodies}"`)} & echo $! > "${pid}"; echo started`;
    const run = await runRunner({
      args: [
        ...[...small, "--server-command", start],
        ...["--server-stop", `kill $(cat "${pid}"); echo {port} > "${stopped}"`],
      ],
    });
    expect(run.exitCode).toBe(0);
    expect(run.summary?.requests.byVerdict).toEqual({ complete: 4 });
    expect(readFileSync(stopped, "utf8").trim()).toBe(new URL(run.config?.serverUrl as string).port);
    // It was ended by SIGTERM and had the time to write.
    expect(readFileSync(bodies, "utf8").trim().split("\n")).toHaveLength(4);
    expect(isAlive(readPid(pid))).toBe(false);
  });

  it("comes when the runner is killed outright", async () => {
    const pid = join(makeFolder(), "pid");
    const run = await runRunner({
      args: ["--vus", "2", "--duration", "60s", "--server-command", noting(pid, serve("--stubborn"))],
      whileRunning: async (runner, output) => {
        expect(await eventually(() => output().includes("Load runs"), 30_000)).toBe(true);
        expect(isAlive(readPid(pid))).toBe(true);
        process.kill(runner, "SIGKILL");
      },
    });
    expect(run.exitCode).toBeUndefined();
    expect(await eventually(() => !isAlive(readPid(pid)))).toBe(true);
  });

  it("before the run's ends the run: exit code 3, with its last lines", async () => {
    const pid = join(makeFolder(), "pid");
    const run = await runRunner({
      args: ["--vus", "2", "--duration", "60s", "--server-command", noting(pid, serve())],
      whileRunning: async (_, output) => {
        expect(await eventually(() => output().includes("Load runs"), 30_000)).toBe(true);
        await new Promise((resolve) => setTimeout(resolve, 1_000));
        process.kill(readPid(pid), "SIGKILL");
      },
    });
    expect(run.exitCode).toBe(3);
    expect(run.stderr).toContain("was ended by SIGKILL while it was measured");
    expect(run.stderr).toContain("listening on http://127.0.0.1:");
    expect(run.outcome).toMatchObject({ partial: true, reason: "the server died" });
  });
});

describe.runIf(process.platform !== "win32")("--engine", () => {
  /** The fake server by another program's name, found on PATH. */
  function makeEngine(name: string): Record<string, string> {
    const folder = makeFolder();
    makeProgram(folder, name, `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`);
    return { PATH: `${folder}:${process.env.PATH}` };
  }
  const rows: [engine: "vllm" | "sglang", program: string, name: string, args: string][] = [
    ["vllm", "vllm", "vLLM", '["serve","org/model","--host","127.0.0.1","--port",'],
    [
      "sglang",
      "python3",
      "SGLang",
      '["-m","sglang.launch_server","--model-path","org/model","--host","127.0.0.1","--port",',
    ],
  ];
  it.for(rows)("%s starts it with the model, and further arguments", async ([engine, file, name, args]) => {
    const run = await runRunner({
      args: [
        ...[...small, "--engine", engine, "--model", "org/model"],
        ...["--engine-arg", "--dtype half", "--engine-arg", "--seed 1"],
      ],
      env: makeEngine(file),
    });
    expect(run.exitCode).toBe(0);
    expect(run.serverLog).toContain(`arguments: ${args}`);
    expect(run.serverLog).toContain('"--dtype","half","--seed","1"]');
    expect(run.summary?.configuration.serverName).toBe(name);
  });
});

it("llama-server's start is told as well, and it gets variables of its own", async () => {
  const settings = JSON.stringify({ readyAfterMs: 500 });
  // By flag as well: its own settings, in place of those in the environment.
  const run = await runRunner({
    args: [...small, "--server-env", `FAKE_LLAMA_SERVER=${settings}`],
    fake: {},
  });
  expect(run.exitCode).toBe(0);
  expect(run.summary?.server.readySeconds).toBeGreaterThan(0.5);
  if (process.platform === "linux") expect(run.summary?.server.memoryAfterLoadBytes).toBeGreaterThan(20e6);
});

it("a server that ran already has no start", async () => {
  const server = await startFakeServer();
  try {
    const run = await runRunner({ args: [...small, "--url", server.url] });
    expect(run.exitCode).toBe(0);
    expect(run.summary?.server).not.toHaveProperty("readySeconds");
    expect(run.stdout).not.toContain("Server's start");
  } finally {
    await server.close();
  }
});

it("several servers, one after the other, get the same requests", async () => {
  const folder = makeFolder();
  const made: Record<string, { prompts: string; bodies: string[] }> = {};
  for (const name of ["first", "second"]) {
    const [cwd, bodies] = [join(folder, name), join(folder, `${name}.jsonl`)];
    mkdirSync(cwd);
    writeFileSync(bodies, "");
    const run = await runRunner({
      cwd,
      args: [
        ...["--vus", "2", "--iterations", "12", "--n-prompts", "12", "--seed", "7", "--model-alias", "same"],
        ...["--server-name", name, "--server-command", `exec ${serve(`--bodies "${bodies}"`)}`],
      ],
    });
    expect(run.exitCode).toBe(0);
    expect(existsSync(join(run.folder as string, "prompts.jsonl"))).toBe(true);
    made[name] = {
      prompts: readFileSync(join(run.folder as string, "prompts.jsonl"), "utf8"),
      bodies: readFileSync(bodies, "utf8").trim().split("\n").sort(),
    };
  }
  expect(made.first?.bodies).toHaveLength(12);
  expect(made.second).toEqual(made.first);
});
