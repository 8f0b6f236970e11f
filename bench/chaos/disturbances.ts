// What happens to a run: which of its processes is killed or stopped, a disk that fills up, a clock that jumps.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { RunProcesses } from "./run-processes.ts";

/** A run while it is disturbed. */
export interface Stage {
  processes: RunProcesses;
  random: () => number;
  /** Where the run writes. */
  folder: string;
  /** That of the clock's changes, in a run with such a clock. */
  clockFile: string;
}

export interface Disturbance {
  name: string;
  /** Why this machine cannot do it. */
  findObstacle?: () => string | undefined;
  /** The run writes to a disk of its own, of this size. */
  diskMegabytes?: number;
  /** The runner's clock is that of `clockFile`. */
  hasOwnClock?: true;
  /** It may end requests that no journal can have: those of k6's last moments. */
  killsK6?: true;
  /** It ends the runner itself. */
  killsRunner?: true;
  /** @returns what happened */
  disturb(stage: Stage): Promise<string>;
}

const between = (random: () => number, low: number, high: number) => low + random() * (high - low);

function kill(role: "server" | "k6" | "runner" | "guardian"): Disturbance["disturb"] {
  return async ({ processes }) => {
    const pid = processes.find(role);
    if (pid === undefined) return `there was no ${role} at that moment`;
    processes.signal(pid, "SIGKILL");
    return `SIGKILL to the ${role}`;
  };
}

function pause(role: "server" | "k6" | "runner"): Disturbance["disturb"] {
  return async ({ processes, random }) => {
    const pid = processes.find(role);
    if (pid === undefined) return `there was no ${role} at that moment`;
    const ms = Math.round(between(random, 300, 3000));
    processes.signal(pid, "SIGSTOP");
    await delay(ms);
    processes.signal(pid, "SIGCONT");
    return `the ${role} stood still for ${ms} ms`;
  };
}

async function freezeAndStop({ processes }: Stage): Promise<string> {
  const [k6, runner] = [processes.find("k6"), processes.find("runner")];
  if (k6 === undefined || runner === undefined) return "there was no k6 at that moment";
  processes.signal(k6, "SIGSTOP");
  await delay(200);
  processes.signal(runner, "SIGTERM");
  return "k6 stood still, then SIGTERM to the runner";
}

async function fillDisk({ folder }: Stage): Promise<string> {
  const filler = join(folder, "filler");
  const piece = Buffer.alloc(64 << 10, "x");
  let bytes = 0;
  try {
    for (;;) {
      writeFileSync(filler, piece, { flag: "a" });
      bytes += piece.length;
    }
  } catch (error) {
    return `the disk is full (${(error as NodeJS.ErrnoException).code}) after ${(bytes / 1e6).toFixed(0)} MB more`;
  }
}

async function turnClock({ random, clockFile }: Stage): Promise<string> {
  const jumps: number[] = [];
  for (let at = 0; at < 3; at += 1) {
    const seconds = Math.round(between(random, -7200, 7200));
    writeFileSync(clockFile, `${seconds < 0 ? "-" : "+"}${Math.abs(seconds)}s\n`);
    jumps.push(seconds);
    await delay(between(random, 200, 900));
  }
  return `the runner's clock was off by ${jumps.join(", then ")} s`;
}

/** Debian's package libfaketime, or the file that FAKETIME_LIBRARY names. */
export function findClockLibrary(): string | undefined {
  const usual = ["x86_64-linux-gnu", "aarch64-linux-gnu"].map(
    (machine) => `/usr/lib/${machine}/faketime/libfaketimeMT.so.1`,
  );
  return [process.env.FAKETIME_LIBRARY ?? "", ...usual].find((path) => path !== "" && existsSync(path));
}

function findMountObstacle(): string | undefined {
  if (process.getuid?.() !== 0) return "only root may mount a small disk";
  try {
    execFileSync("mount", ["--version"], { stdio: "ignore" });
    return readFileSync("/proc/filesystems", "utf8").includes("tmpfs") ? undefined : "there is no tmpfs";
  } catch {
    return "there is no `mount`";
  }
}

export const DISTURBANCES: readonly Disturbance[] = [
  { name: "kill-server", disturb: kill("server") },
  { name: "kill-k6", killsK6: true, disturb: kill("k6") },
  { name: "kill-runner", killsK6: true, killsRunner: true, disturb: kill("runner") },
  { name: "kill-guardian", disturb: kill("guardian") },
  { name: "pause-server", disturb: pause("server") },
  { name: "pause-k6", disturb: pause("k6") },
  { name: "pause-runner", disturb: pause("runner") },
  { name: "freeze-k6-and-stop", killsK6: true, disturb: freezeAndStop },
  { name: "full-disk", diskMegabytes: 20, findObstacle: findMountObstacle, killsK6: true, disturb: fillDisk },
  {
    name: "clock",
    hasOwnClock: true,
    findObstacle: () =>
      findClockLibrary() === undefined ? "there is no libfaketime (Debian's package)" : undefined,
    disturb: turnClock,
  },
];
