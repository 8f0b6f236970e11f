// One short run that is disturbed, and what is found afterwards: processes, and requests that nothing accounts for.
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { execa } from "execa";
import { inProject } from "../../bench-runner/platform/project-root.ts";
import type { Summary } from "../../bench-runner/summary/summary.ts";
import { NULL_SERVER } from "../programs.ts";
import { type Disturbance, findClockLibrary } from "./disturbances.ts";
import { RunProcesses } from "./run-processes.ts";

export interface ChaosRun {
  kind: string;
  happened: string;
  /** How its requests are accounted for. */
  account: string;
  findings: string[];
}

interface Turn {
  number: number;
  seed: number;
  random: () => number;
}

const RUNNER = inProject("bench-runner");
const SERVER = `${NULL_SERVER} --port {port} --tokens 20 --pace 30ms --first-token 50ms --cut 0.05 --refuse 0.05`;
const SECONDS = 3;
const LOAD = [
  "--model",
  "null",
  "--endpoint",
  "chat",
  "--vus",
  "8",
  "--duration",
  `${SECONDS}s`,
  "--idle-timeout",
  "2",
];
/** From the runner's start to its end, whatever happens: k6 gives open requests 30 s. */
const LONGEST_MS = 90_000;
const LEFT_MS = 5_000;
const POLL_MS = 50;

export async function runDisturbed(kind: Disturbance, { number, seed, random }: Turn): Promise<ChaosRun> {
  const folder = mkdtempSync(join(tmpdir(), "chaos-"));
  const clockFile = join(folder, "clock");
  const output = join(folder, "runs");
  mkdirSync(output);
  if (kind.diskMegabytes !== undefined) {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${kind.diskMegabytes}m`, "tmpfs", output]);
  }
  writeFileSync(clockFile, "+0s\n");
  let runner: number | undefined;
  const processes = new RunProcesses(`${process.pid}-${seed}-${number}`, () => runner);
  const findings: string[] = [];
  try {
    // Half of the servers leave the session that they are started in.
    const command = random() < 0.5 ? SERVER : `setsid ${SERVER} & wait`;
    const child = execa(
      process.execPath,
      [RUNNER, "--server-command", command, ...LOAD, "--output", output],
      {
        env: { ...processes.variables, ...(kind.hasOwnClock && toClock(clockFile)) },
        stdin: "ignore",
        all: true,
        reject: false,
      },
    );
    runner = child.pid;
    const ended = child.then(() => true);
    let isOver = false;
    void ended.then(() => {
      isOver = true;
      runner = undefined;
    });
    await waitForRequests(output, () => isOver);
    await delay(random() * SECONDS * 1000);
    const happened = await kind.disturb({ processes, random, folder: output, clockFile });
    if (!(await Promise.race([ended, delay(LONGEST_MS, false)]))) {
      findings.push(`the runner did not end within ${LONGEST_MS / 1000} s`);
      child.kill("SIGKILL");
    }
    const { exitCode, all: said } = await child;
    const left = await waitUntilGone(processes);
    for (const pid of left) findings.push(`left running: ${processes.describe(pid)}`);
    for (const pid of left) processes.signal(pid, "SIGKILL");
    const account = await accountFor(output, { kind, exitCode, said, findings });
    return { kind: kind.name, happened, account, findings };
  } finally {
    if (kind.diskMegabytes !== undefined) execFileSync("umount", ["--lazy", output]);
    if (findings.length === 0) rmSync(folder, { recursive: true, force: true });
  }
}

function toClock(file: string): Record<string, string> {
  return {
    LD_PRELOAD: findClockLibrary() as string,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: "1",
    // As where the wall clock is set: the monotonic one goes on.
    FAKETIME_DONT_FAKE_MONOTONIC: "1",
  };
}

function findJournal(output: string): string | undefined {
  return readdirSync(output)
    .map((name) => join(output, name, "records.jsonl"))
    .find((path) => existsSync(path));
}

async function waitForRequests(output: string, isOver: () => boolean): Promise<void> {
  const deadline = performance.now() + LONGEST_MS / 2;
  while (!isOver() && performance.now() < deadline) {
    const journal = findJournal(output);
    if (journal !== undefined && countLines(journal) > 0) return;
    await delay(POLL_MS);
  }
}

const countLines = (journal: string): number =>
  readFileSync(journal, "utf8").split('\n{"type":"request"').length - 1;

async function waitUntilGone(processes: RunProcesses): Promise<number[]> {
  const deadline = performance.now() + LEFT_MS;
  let left = processes.list();
  while (left.length > 0 && performance.now() < deadline) {
    await delay(POLL_MS);
    left = processes.list();
  }
  return left;
}

interface End {
  kind: Disturbance;
  exitCode: number | undefined;
  said: string;
  findings: string[];
}

/** Compares the summary with the journal. @returns a sentence */
async function accountFor(output: string, { kind, exitCode, said, findings }: End): Promise<string> {
  const journal = findJournal(output);
  const code = `exit code ${exitCode ?? "none"}`;
  if (journal === undefined) {
    if (exitCode === 0) findings.push("exit code 0 without a journal");
    if (!kind.killsRunner && said.trim() === "") findings.push("the runner ended without a word");
    return `no journal, ${code}`;
  }
  const folder = join(journal, "..");
  rmSync(join(output, "filler"), { force: true });
  if (!existsSync(join(folder, "summary.json"))) {
    const report = await execa(process.execPath, [RUNNER, "report", folder], {
      all: true,
      reject: false,
      stdin: "ignore",
    });
    if (!existsSync(join(folder, "summary.json"))) {
      findings.push(`no summary, and \`report\` makes none: ${report.all.slice(-300)} (${folder})`);
      return code;
    }
  }
  const { requests, run } = JSON.parse(readFileSync(join(folder, "summary.json"), "utf8")) as Summary;
  const { started, lost = 0, measured, warmup = 0, cooldown = 0 } = requests;
  const lines = countWhole(journal);
  const verdicts = Object.values(requests.byVerdict).reduce((sum, count) => sum + count, 0);
  const say = (what: string) => findings.push(`${what} (${folder})`);
  if (started !== lines.requests + lost)
    say(`${started} started, but ${lines.requests} in the journal and ${lost} lost`);
  if (verdicts !== measured || measured + warmup + cooldown !== lines.requests)
    say(`${verdicts} verdicts of ${measured} requests`);
  if (!lines.isClosed && !run.partial) say("the journal was not closed, and the run is not partial");
  if (lost > 0 && (!kind.killsK6 || !run.partial)) say(`${lost} requests were lost: ${run.partialReason}`);
  if ((run.partial || lost > 0) && exitCode === 0) say(`exit code 0 for a partial run: ${run.partialReason}`);
  if (!run.partial && exitCode === undefined && !kind.killsRunner) say("the runner was killed");
  const of = lost > 0 ? `${started} requests, ${lost} of them lost` : `${started} requests`;
  return `${of}, ${code}${run.partial ? `, partial: ${run.partialReason}` : ""}`;
}

/** The journal's own lines; one that is torn is none. */
function countWhole(journal: string): { requests: number; isClosed: boolean } {
  const lines = readFileSync(journal, "utf8").split("\n").slice(0, -1);
  const ofType = (type: string) => lines.filter((line) => line.startsWith(`{"type":"${type}"`)).length;
  return { requests: ofType("request"), isClosed: ofType("end") > 0 };
}
