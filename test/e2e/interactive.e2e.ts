// The questions of `node bench-runner` in a real terminal (tmux), through its launcher, as a person answers them.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, describe, expect, it, type TestContext } from "vitest";
import type { ConfigFile } from "../../bench-runner/run-folder/run-files.ts";
import { type FakeServer, startFakeServer } from "../fake/fake-server.ts";
import { makeFolder, ownK6 } from "../run/k6-run.ts";
import { runRunner, useFake } from "../run/runner-run.ts";
import { openTerminal, type Terminal } from "../run/tmux.ts";
import { needTool } from "../run/tool.ts";

const launcher = join(new URL("../..", import.meta.url).pathname, "bench-runner");
/** The code that sets a colour. */
const COLOUR = new RegExp(`${String.fromCharCode(27)}\\[3\\dm`);
const open: (Terminal | FakeServer)[] = [];

afterEach(async () => {
  for (const one of open.splice(0)) await ("end" in one ? one.end() : one.close());
});

async function startServer(): Promise<FakeServer> {
  const server = await startFakeServer({ behaviour: { tokens: 4, tokenDelayMs: 5 } });
  open.push(server);
  return server;
}

interface Start {
  ports?: number[];
  env?: Record<string, string>;
  folder?: string;
  /** After the program. */
  rest?: string;
}

function toEnv({ ports = [1], env = {} }: Start, folder: string): Record<string, string> {
  return {
    TERM: "xterm-256color",
    LANG: "C.UTF-8",
    BENCH_K6_BIN_PATH: ownK6,
    LLAMA_SERVER_BIN_PATH: "/nowhere/llama-server",
    XDG_CACHE_HOME: join(folder, "cache"),
    SERVER_BENCH_LOCAL_PORTS: ports.join(","),
    ...env,
  };
}

async function start(context: TestContext, options: Start = {}): Promise<Terminal & { folder: string }> {
  const tmux = needTool(context, "tmux");
  const folder = options.folder ?? makeFolder();
  const terminal = await openTerminal({
    tmux,
    folder,
    command: `${process.execPath} ${launcher} ${options.rest ?? ""}`,
    env: toEnv(options, folder),
  });
  open.push(terminal);
  return { ...terminal, folder };
}

/** The program of a process, and those below it. */
async function programsOf(pid: number): Promise<string[]> {
  const { stdout } = await execa("ps", ["-A", "-o", "ppid=,pid=,comm="]);
  const rows = stdout.split("\n").map((line) => line.trim().split(/\s+/));
  const below = (parent: string): string[] =>
    rows.flatMap(([of, own, name]) => (of === parent && own ? [name ?? "", ...below(own)] : []));
  return [rows.find(([, own]) => own === String(pid))?.[2] ?? "", ...below(String(pid))];
}

function readConfig(folder: string): ConfigFile {
  const runs = join(folder, "runs");
  const [run] = readdirSync(runs);
  return JSON.parse(readFileSync(join(runs, run as string, "config.json"), "utf8"));
}

/** The command that is shown before the run. */
function commandIn(screen: string): string {
  const [, command] = /^(node \S*bench-runner .*)$/m.exec(screen) ?? [];
  if (command === undefined) throw new Error(`No command in:\n${screen}`);
  return command;
}

/** The whole configuration of a run, except its folder. */
function toldOf({ values, vus, iterations, kind, serverUrl }: ConfigFile) {
  return { values, vus, iterations, kind, serverUrl };
}

describe("on a terminal, a run without arguments", () => {
  it("takes a minute that fits the server that answers, by Enter alone", async (context) => {
    const server = await startServer();
    // All prompts take longer than the test.
    server.setBehaviour({ tokens: 4, tokenDelayMs: 300 });
    const { press, until, folder, raw } = await start(context, { ports: [server.port] });
    await until(/Which server\?/);
    await press("Enter");
    await until(/Which model\?/);
    await press("Enter");
    await until(/Which workload\?/);
    await press("Enter");
    await until(/How much load\?/);
    await press("Enter");
    const plan = await until(/Start\?/);
    expect(plan).toContain(`http://127.0.0.1:${server.port} llama-server`);
    expect(plan).toMatch(/model +fake-model/);
    expect(plan).toMatch(
      /load +8 clients, each sends its next request when the last one is[\s│]+done, for 1m 00s at most/,
    );
    expect(plan).toMatch(/requests +each prompt once at most/);
    const command = commandIn(plan);
    expect(command).toContain(
      `--url http://127.0.0.1:${server.port} --model fake-model --vus 8 --duration 60 --prompt-type medium --max-tokens 256`,
    );
    for (const line of plan.split("\n")) if (line !== command) expect(line.length).toBeLessThanOrEqual(80);
    expect(raw()).toMatch(COLOUR);
    await press("Enter");
    await until(/ done · /);
    await press("C-c");
    await until(/exit code 105/);
    const { values } = readConfig(folder);
    expect(values).toMatchObject({ modelAlias: "fake-model", vus: 8, duration: 60, maxTokens: 256 });
  });

  it("takes what is typed and chosen, and the command that it shows does the same without a terminal", async (context) => {
    const server = await startServer();
    const { press, until, folder } = await start(context);
    await until(/Which server\?/);
    await press("Enter"); // the only choice: another address
    await until(/Its address/);
    await press("nonsense", "Enter");
    await until(/expected a URL/);
    await press("C-u", `${server.url}/v1`, "Enter");
    await until(/Which model\?/);
    await press("Down", "Enter");
    await until(/Its name/);
    await press("it's mine", "Enter");
    await until(/Which workload\?/);
    await press("Down", "Enter");
    await until(/How much load\?/);
    await press("Up", "Enter");
    await until(/Number of clients/);
    await press("2", "Enter");
    await until(/Total number of requests/);
    await press("6", "Enter");
    await until(/Longest answer/);
    await press("Enter");
    const plan = await until(/Start\?/);
    expect(plan).toMatch(/requests +6 expected/);
    await press("Enter");
    const end = await until(/exit code/);
    expect(end).toContain("exit code 0");
    expect(server.chats).toHaveLength(6);
    const config = readConfig(folder);
    expect(config.values).toMatchObject({ modelAlias: "it's mine", vus: 2, iterations: 6, maxTokens: 1024 });

    const again = makeFolder();
    const { exitCode } = await execa("/bin/sh", ["-c", commandIn(plan)], {
      cwd: again,
      env: { ...toEnv({}, again), PATH: `${join(process.execPath, "..")}:${process.env.PATH}` },
      stdin: "ignore",
      reject: false,
    });
    expect(exitCode).toBe(0);
    expect(toldOf(readConfig(again))).toEqual(toldOf(config));
  });

  it("starts llama-server with a model of the folder", async (context) => {
    const folder = makeFolder();
    writeFileSync(join(folder, "tiny.gguf"), "GGUF, or so it seems");
    const { env } = useFake({ behaviour: { tokens: 2 } });
    const { press, until } = await start(context, { folder, env });
    await until(/start llama-server on this machine \(tiny.gguf is available\)/);
    await press("Enter");
    await until(/tiny.gguf, 20 \(in this folder\)|tiny.gguf, .*in this folder/);
    await press("Enter");
    await until(/Which workload\?/);
    await press("Enter");
    await until(/How much load\?/);
    await press("Up", "Enter");
    for (const [question, answer] of [
      [/Number of clients/, "1"],
      [/Total number of requests/, "2"],
      [/Longest answer/, "8"],
    ] as const) {
      await until(question);
      await press(answer, "Enter");
    }
    await until(/Start\?/);
    await press("Enter");
    expect(await until(/exit code/)).toContain("exit code 0");
    expect(readConfig(folder).serverStartedHere).toBe(true);
  });

  it("asks all again where the plan is not wanted", async (context) => {
    const server = await startServer();
    const { press, until } = await start(context, { ports: [server.port] });
    const questions = [/Which server\?/, /Which model\?/, /Which workload\?/, /How much load\?/];
    for (const question of questions) {
      await until(question);
      await press("Enter");
    }
    await until(/Start\?/);
    await press("Down", "Enter");
    await until(/change the answers[\s\S]*Which server\?/);
    await press("C-c");
    await until(/exit code 130/);
  });

  it("says why a server cannot be measured, and asks again", async (context) => {
    const server = await startServer();
    server.setRoutes({ "/v1/models": { status: 401 } });
    const { press, until } = await start(context, { ports: [server.port] });
    await until(/not usable: choose it to see why/);
    await press("Enter");
    await until(/refuses access.*SERVER_BENCH_API_KEY[\s\S]*Which server\?/);
    await press("C-c");
    await until(/exit code 130/);
  });

  it("offers what a configuration file names, and what it shows is what the run then does", async (context) => {
    const server = await startServer();
    const folder = makeFolder();
    writeFileSync(
      join(folder, "server-bench.yaml"),
      [
        "maxTokens: 33",
        `targets: [{ name: gpu, description: the GPU server, base_url: "${server.url}/v1" }]`,
        "models: [{ name: tiny, full_name: org/tiny }]",
        "workloads: [{ name: mine, rps: 20, concurrency: 4, duration: 1, max_tokens: 5 }]",
      ].join("\n"),
    );
    const { press, until } = await start(context, { folder });
    await until(/gpu: the GPU server \(http:/);
    await press("Enter");
    await until(/Which model\?[\s\S]*tiny/);
    await press("Enter");
    await until(/mine: 20 requests\/s, at most 4 at a time, 1 second/);
    await press("Down", "Enter");
    await until(/How much load\?/);
    await press("Enter");
    const plan = await until(/Start\?/);
    expect(plan).toMatch(/model +org\/tiny/);
    expect(plan).toMatch(/answers up to 5 tokens/);
    expect(plan).toMatch(/requests +20 expected/);
    expect(commandIn(plan)).toMatch(/ --target gpu --model tiny --workload mine$/);
    await press("Enter");
    expect(await until(/exit code/)).toContain("exit code 0");
    expect(server.chats).toHaveLength(20);
    expect(server.chats[0]?.body).toMatchObject({ model: "org/tiny", max_tokens: 5 });
  });

  it("starts llama-server also where the file that `init` writes names another server", async (context) => {
    const folder = makeFolder();
    writeFileSync(join(folder, "tiny.gguf"), "GGUF, or so it seems");
    await runRunner({ args: ["init"], cwd: folder });
    const { env } = useFake({ behaviour: { tokens: 2 } });
    const { press, until } = await start(context, { folder, env });
    await until(/● as in server-bench.yaml: http:\/\/localhost:8080\/v1/);
    await press("Down", "Enter");
    await until(/Which model\?/);
    await press("Enter");
    await until(/Which workload\?/);
    await press("Enter");
    await until(/How much load\?/);
    await press("Up", "Enter");
    for (const question of [/Number of clients/, /Total number of requests/, /Longest answer/]) {
      await until(question);
      await press("9", "Enter");
    }
    await until(/Start\?/);
    await press("Enter");
    expect(await until(/exit code/)).toContain("exit code 0");
    expect(readConfig(folder).serverStartedHere).toBe(true);
  });

  const questions = [
    ["the server", /Which server\?/],
    ["the model", /Which model\?/],
    ["the workload", /Which workload\?/],
    ["the load", /How much load\?/],
    ["the start", /Start\?/],
  ] as const;
  it.for(["C-c", "C-d"])(
    "is left by %s at any question with exit code 130, and nothing is started",
    async (key, context) => {
      const server = await startServer();
      for (const [count] of questions.entries()) {
        const { press, until, pid, folder } = await start(context, { ports: [server.port] });
        for (const [, question] of questions.slice(0, count)) {
          await until(question);
          await press("Enter");
        }
        await until((questions[count] as (typeof questions)[number])[1]);
        await press(key);
        expect(await until(/exit code/)).toMatch(/Nothing was started\.[\s\S]*exit code 130/);
        expect(existsSync(join(folder, "runs"))).toBe(false);
        expect(await programsOf(pid)).toEqual(["cat"]); // which keeps the terminal open
      }
      expect(server.chats).toHaveLength(0);
    },
  );

  it("is left by Ctrl-C where something is typed", async (context) => {
    const { press, until } = await start(context);
    await until(/Which server\?/);
    await press("Enter");
    await until(/Its address/);
    await press("http://", "C-c");
    await until(/exit code 130/);
  });

  it("asks in plain lines where the terminal cannot move its cursor", async (context) => {
    const server = await startServer();
    const { press, until, raw } = await start(context, { ports: [server.port], env: { TERM: "dumb" } });
    await until(/1 {2}http:\/\/127.0.0.1:\d+ llama-server[\s\S]*1 to 2 \[1\]/);
    await press("Enter");
    await until(/1 {2}fake-model/);
    await press("7", "Enter");
    await until(/Expected a number from 1 to 2/);
    await press("Enter");
    await until(/Which workload\?/);
    await press("Enter");
    await until(/How much load\?/);
    await press("2", "Enter");
    await until(/Number of clients \[8\]/);
    await press("no", "Enter");
    await until(/expected a whole number above 0/);
    await press("1", "Enter");
    await until(/Total number of requests/);
    await press("2", "Enter");
    await until(/Longest answer/);
    await press("Enter");
    await until(/Start\?/);
    expect(raw()).not.toContain("\u001b");
    await press("Enter");
    expect(await until(/exit code/)).toContain("exit code 0");
    expect(server.chats).toHaveLength(2);
  });

  it.for(["C-c", "C-d"])("is left by %s in plain lines as well", async (key, context) => {
    const { press, until } = await start(context, { env: { TERM: "dumb" } });
    await until(/Which server\?/);
    await press(key);
    expect(await until(/exit code/)).toContain("exit code 130");
  });

  it("has no colours where NO_COLOR is set", async (context) => {
    const { press, until, raw } = await start(context, { env: { NO_COLOR: "1" } });
    await until(/Which server\?/);
    await press("C-c");
    await until(/exit code 130/);
    expect(raw()).not.toMatch(COLOUR);
  });
});

describe("no question is asked", () => {
  const rows: [string, Start][] = [
    ["where stderr goes into a file", { rest: "2> errors.txt; tail -n 5 errors.txt; false" }],
    ["where stdin is no terminal", { rest: "< /dev/null" }],
    ["in CI", { env: { CI: "true" } }],
  ];
  it.for(rows)("%s", async ([, options], context) => {
    const { until } = await start(context, options);
    const text = await until(/exit code/);
    expect(text).toContain("Nothing to measure: give");
    expect(text).not.toContain("Which server?");
  });

  it("where a server-bench.yaml says by `run` what is measured", async (context) => {
    const server = await startServer();
    const folder = makeFolder();
    writeFileSync(
      join(folder, "server-bench.yaml"),
      [
        `targets: [{ name: a, base_url: "${server.url}" }, { name: b, base_url: "${server.url}" }]`,
        "workloads: [{ name: few, vus: 1, iterations: 2, max_tokens: 8 }]",
        "run: { targets: [a], workloads: [few] }",
      ].join("\n"),
    );
    const { until } = await start(context, { folder });
    const text = await until(/exit code/);
    expect(text).toContain("exit code 0");
    expect(text).not.toContain("Which server?");
    expect(server.chats).toHaveLength(2);
  });

  it("where there is no terminal at all, and the exit code is 2", async () => {
    const { exitCode, stderr } = await runRunner({ args: [] });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^Nothing to measure: give/);
  });
});
