// Processes by a mark in their environment, which every descendant inherits: also those that left their group and session.
//
// It finds what was started on Linux, where /proc shows environments. A process that cleared its own is found by its
// cgroup alone (own-cgroup.ts).
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";

/** The runner's own variable; its value is a mark. */
export const MARK_VARIABLE = "SERVER_BENCH_PROCESS_MARK";

const runnersMark = `${process.pid}-${randomBytes(6).toString("hex")}.`;
let made = 0;

/** Part of every mark that this process makes. */
export function ownMarks(): string {
  return runnersMark;
}

/** A mark that nothing else has. */
export function makeMark(): string {
  made += 1;
  return `${runnersMark}${made}.`;
}

/** The ids of living processes whose mark begins so; without /proc none. Never this process. */
export function findMarked(mark: string): number[] {
  return listProcesses().filter((pid) => pid !== process.pid && isMarked(pid, mark));
}

function listProcesses(): number[] {
  if (process.platform !== "linux") return [];
  try {
    return readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
  } catch {
    return [];
  }
}

function isMarked(pid: number, mark: string): boolean {
  try {
    // A zombie has no environment.
    const environment = readFileSync(`/proc/${pid}/environ`);
    const at = environment.indexOf(`${MARK_VARIABLE}=${mark}`);
    return at === 0 || (at > 0 && environment[at - 1] === 0);
  } catch {
    // It is another user's, or gone.
    return false;
  }
}
