// One run of the runner as people start it: what it printed, how it ended, the folder that it left.
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import type { ConfigFile, OutcomeFile } from "../../bench-runner/run-folder/run-files.ts";
import type { Summary } from "../../bench-runner/summary/summary.ts";
import type { FakeLlamaServerSettings } from "../fake/fake-llama-server.ts";
import { type HostedResult, runHosted } from "./hosted-runner.ts";
import { makeFolder, ownK6 } from "./k6-run.ts";

const root = new URL("../..", import.meta.url).pathname;
/** The runner as it is shipped. */
export const runnerBundle: string = join(root, "dist/bench-runner.mjs");

export interface RunnerOptions {
  args?: readonly string[];
  /**
   * Instead of the environment's own variables of server-bench, k6 and llama-server. Prompts are counted in words, unless
   * `countedByServer` is part of it.
   */
  env?: Record<string, string>;
  /** Started as llama-server, with a model file that only looks like one. */
  fake?: FakeLlamaServerSettings;
  cwd?: string;
  /** Words before the command, as `withHosts` makes them. It then has a process of its own, as with `whileRunning`. */
  within?: readonly string[];
  /** Called when the runner has started, with its process id and what it has written so far. */
  whileRunning?: (pid: number, output: () => string) => Promise<void>;
}

export interface RunnerRun {
  /** Undefined where a signal ended it. */
  exitCode: number | undefined;
  stdout: string;
  stderr: string;
  durationMs: number;
  /** The first run folder; undefined where none was made. */
  folder: string | undefined;
  summary: Summary | undefined;
  config: ConfigFile | undefined;
  outcome: OutcomeFile | undefined;
  /** What the server wrote. */
  serverLog: string;
}

/** An executable file. */
export function makeProgram(folder: string, name: string, script: string): string {
  const path = join(folder, name);
  writeFileSync(path, script);
  chmodSync(path, 0o755);
  return path;
}

function foreignVariables(): Record<string, string> {
  const own = /^(SERVER_BENCH_|K6_|BENCH_|LLAMA_|HF_|GITHUB_|(FORCE_COLOR|NO_COLOR|LC_ALL|LANG)$)/;
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value === undefined || own.test(name) ? [] : [[name, value]],
    ),
  );
}

/** `--model` and the variables that make the runner start the fake llama-server. */
export function useFake(settings: FakeLlamaServerSettings): { args: string[]; env: Record<string, string> } {
  const folder = makeFolder();
  const model = join(folder, "model.gguf");
  writeFileSync(model, "GGUF, or so it seems");
  const program = join(root, "test/fake/fake-llama-server.ts");
  const script = `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`;
  return {
    args: ["--model", model],
    env: {
      LLAMA_SERVER_BIN_PATH: makeProgram(folder, "llama-server", script),
      FAKE_LLAMA_SERVER: JSON.stringify(settings),
    },
  };
}

function readJson<T>(path: string): T | undefined {
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as T) : undefined;
}

/** For `env`: the server counts the tokens of prompts, as by default. */
export const countedByServer = { SERVER_BENCH_TOKENIZER: "" } as const;

const LIMIT_MS = 100_000;

let shared: string | undefined;

/** Prepared datasets, for all runs of this process that look at no cache of their own. */
function sharedCache(): string {
  shared ??= join(makeFolder(), "cache");
  return shared;
}

/** Runs the bundle in a process of its own. */
async function runAlone(
  args: readonly string[],
  cwd: string,
  env: Record<string, string>,
  { within = [], whileRunning }: RunnerOptions,
): Promise<HostedResult> {
  const [program = "", ...others] = [...within, process.execPath, runnerBundle, ...args];
  const child = execa(program, others, {
    cwd,
    env,
    extendEnv: false,
    reject: false,
    stdin: "ignore",
    timeout: LIMIT_MS,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  if (child.pid !== undefined) await whileRunning?.(child.pid, () => output);
  const { exitCode, stdout, stderr } = await child;
  return { exitCode, stdout, stderr };
}

/** Runs the bundled runner to its end, at most 100 s. */
export async function runRunner(options: RunnerOptions = {}): Promise<RunnerRun> {
  if (!existsSync(runnerBundle)) throw new Error(`${runnerBundle} is not there. Run \`npm run build\`.`);
  const cwd = options.cwd ?? makeFolder();
  const fake = options.fake === undefined ? { args: [], env: {} } : useFake(options.fake);
  const startedMs = performance.now();
  const env = {
    ...foreignVariables(),
    XDG_CACHE_HOME: options.cwd === undefined ? sharedCache() : join(cwd, "cache"),
    BENCH_K6_BIN_PATH: ownK6,
    // Hundreds of requests for the lengths of prompts take longer than the load of most tests.
    SERVER_BENCH_TOKENIZER: "words",
    ...fake.env,
    ...options.env,
  };
  const args = [...(options.args ?? []), ...fake.args];
  const isOwn = options.within !== undefined || options.whileRunning !== undefined;
  const { exitCode, stdout, stderr } = isOwn
    ? await runAlone(args, cwd, env, options)
    : await runHosted({ bundle: runnerBundle, args, cwd, env }, LIMIT_MS);
  const runs = join(cwd, "runs");
  const [name] = existsSync(runs) ? readdirSync(runs) : [];
  const folder = name === undefined ? undefined : join(runs, name);
  const inFolder = <T>(file: string) => (folder === undefined ? undefined : readJson<T>(join(folder, file)));
  const log = folder === undefined ? "" : join(folder, "server.log");
  return {
    exitCode,
    stdout,
    stderr,
    durationMs: performance.now() - startedMs,
    folder,
    summary: inFolder<Summary>("summary.json"),
    config: inFolder<ConfigFile>("config.json"),
    outcome: inFolder<OutcomeFile>("outcome.json"),
    serverLog: existsSync(log) ? readFileSync(log, "utf8") : "",
  };
}
