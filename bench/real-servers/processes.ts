// Starts what a server consists of, each in a process group of its own, waits until it is ready, and ends all of it.
import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { UserError } from "../../bench-runner/platform/user-error.ts";

export interface ProcessPlan {
  name: string;
  file: string;
  args: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** Answers 200 once the process is ready. */
  readyUrl: string;
  /** A key that this path wants. */
  key?: string;
  readySeconds: number;
}

const GRACE_MS = 10_000;
const POLL_MS = 250;

/**
 * Starts the plans one after the other.
 * @param folder gets a log of each
 * @returns what ends them all, the last one first
 * @throws UserError with the end of the log where one is not ready in time; what was started is ended then
 */
export async function startAll(plans: readonly ProcessPlan[], folder: string): Promise<() => Promise<void>> {
  const stops: (() => Promise<void>)[] = [];
  const stopAll = async () => {
    for (const stop of stops.toReversed()) await stop();
  };
  try {
    for (const plan of plans) stops.push(await start(plan, join(folder, `${plan.name}.log`)));
  } catch (error) {
    await stopAll();
    throw error;
  }
  return stopAll;
}

async function start(plan: ProcessPlan, logPath: string): Promise<() => Promise<void>> {
  const log = openSync(logPath, "w");
  const child = spawn(plan.file, plan.args, {
    // Python compiles thousands of files at a start, and must be free to keep what it has compiled.
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: "", ...plan.env },
    stdio: ["ignore", log, log],
    // A group of its own, so that what it starts ends with it.
    detached: true,
  });
  closeSync(log);
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  const stop = () => end(child.pid, ended);
  const leave = () => signalGroup(child.pid, "SIGKILL");
  process.once("exit", leave);
  ended.then(() => process.off("exit", leave));
  try {
    await waitReady(plan, ended);
  } catch (error) {
    await stop();
    const words = readFileSync(logPath, "utf8").trimEnd().split("\n").slice(-20).join("\n");
    throw new UserError(`${(error as Error).message}\n${words}`);
  }
  return stop;
}

async function waitReady(plan: ProcessPlan, ended: Promise<void>): Promise<void> {
  const until = performance.now() + plan.readySeconds * 1000;
  let hasEnded = false;
  ended.then(() => {
    hasEnded = true;
  });
  const headers = plan.key === undefined ? {} : { authorization: `Bearer ${plan.key}` };
  while (performance.now() < until) {
    if (hasEnded) throw new UserError(`${plan.name} ended before it was ready.`);
    const answer = await fetch(plan.readyUrl, { headers, signal: AbortSignal.timeout(5000) }).catch(
      () => undefined,
    );
    await answer?.body?.cancel();
    if (answer?.ok) return;
    await delay(POLL_MS);
  }
  throw new UserError(`${plan.name} is not ready after ${plan.readySeconds} s.`);
}

async function end(pid: number | undefined, ended: Promise<void>): Promise<void> {
  signalGroup(pid, "SIGTERM");
  const late = setTimeout(() => signalGroup(pid, "SIGKILL"), GRACE_MS);
  await ended;
  clearTimeout(late);
  // Its children may have outlived it.
  signalGroup(pid, "SIGKILL");
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // The group is gone.
  }
}
