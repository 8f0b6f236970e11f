// Runs the product as people do: dist/bench-runner.mjs, or bin/k6 with dist/script.js; and reads what it left.
import { existsSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { inProject } from "../../bench-runner/platform/project-root.ts";
import { readJournal } from "../../bench-runner/run-folder/journal-reader.ts";
import type { Summary } from "../../bench-runner/summary/summary.ts";
import type { RequestLine } from "../../lib/core/request/facts.ts";
import { K6, SCENARIO } from "../programs.ts";

export const RUNNER: string = inProject("dist", "bench-runner.mjs");

const LONGEST_MS = 300_000;

export interface ClientResult {
  exitCode: number | undefined;
  stdout: string;
  /** All that it said. */
  text: string;
  summary: Summary | undefined;
  records: RequestLine[];
}

/** Runs the runner in a folder of its own under `folder`. */
export async function runRunner(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  folder: string,
): Promise<ClientResult> {
  const cwd = mkdtempSync(join(folder, "run-"));
  const ended = await execa(process.execPath, [RUNNER, ...args], {
    ...{
      cwd,
      env: toEnvironment(env),
      extendEnv: false,
      reject: false,
      stdin: "ignore",
      timeout: LONGEST_MS,
    },
    // Its own handling of SIGTERM ends k6.
    forceKillAfterDelay: 30_000,
  });
  const [run] = existsSync(join(cwd, "runs")) ? readdirSync(join(cwd, "runs")) : [];
  const runFolder = run === undefined ? undefined : join(cwd, "runs", run);
  const summaryFile = runFolder && join(runFolder, "summary.json");
  return {
    exitCode: ended.exitCode,
    stdout: ended.stdout,
    text: `${ended.stdout}\n${ended.stderr}`,
    summary:
      summaryFile && existsSync(summaryFile)
        ? (JSON.parse(readFileSync(summaryFile, "utf8")) as Summary)
        : undefined,
    records: runFolder === undefined ? [] : await readRecords(join(runFolder, "records.jsonl")),
  };
}

/** Runs k6 alone with the scenario. */
export async function runK6(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  folder: string,
): Promise<ClientResult> {
  const cwd = mkdtempSync(join(folder, "k6-"));
  const journal = join(cwd, "records.jsonl");
  const ended = await execa(
    K6,
    ["run", "--quiet", "--no-color", "--address", "127.0.0.1:0", ...args, SCENARIO],
    {
      ...{ cwd, env: toEnvironment({ ...env, SERVER_BENCH_JOURNAL: journal }), extendEnv: false },
      ...{ reject: false, stdin: "ignore", timeout: LONGEST_MS },
    },
  );
  return {
    exitCode: ended.exitCode,
    stdout: ended.stdout,
    text: `${ended.stdout}\n${ended.stderr}`,
    summary: undefined,
    records: await readRecords(journal),
  };
}

/** The variables of the caller, without those that would change a run. */
function toEnvironment(own: Readonly<Record<string, string>>): Record<string, string> {
  const foreign = /^(SERVER_BENCH_|K6_|LLAMA_|GITHUB_)/;
  const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  return { ...Object.fromEntries(kept.map(([name, value]) => [name, value ?? ""])), ...own };
}

async function readRecords(path: string): Promise<RequestLine[]> {
  if (!existsSync(path)) return [];
  const lines: RequestLine[] = [];
  for await (const line of readJournal(path)) if (line.type === "request") lines.push(line);
  return lines;
}
