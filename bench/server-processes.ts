// Starts what a server consists of, each as a rule in a session of its own, waits until it is ready, and ends all of it.
import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { UserError } from "../bench-runner/platform/user-error.ts";

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
  /** It stays in this process's session, whose share of the processor it has; it starts nothing that could outlive it. */
  staysInSession?: true;
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

/** Starts one. @returns what ends it @throws UserError with the end of its log where it is not ready in time */
export async function start(plan: ProcessPlan, logPath: string): Promise<() => Promise<void>> {
  const log = openSync(logPath, "w");
  const child = spawn(plan.file, plan.args, {
    // Python compiles thousands of files at a start, and must be free to keep what it has compiled.
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: "", ...plan.env },
    stdio: ["ignore", log, log],
    // A session of its own, and so a group: what it starts ends with it.
    detached: !plan.staysInSession,
  });
  closeSync(log);
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  const target = child.pid && (plan.staysInSession ? child.pid : -child.pid);
  const stop = () => end(target, ended);
  const leave = () => signal(target, "SIGKILL");
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

async function end(target: number | undefined, ended: Promise<void>): Promise<void> {
  signal(target, "SIGTERM");
  const late = setTimeout(() => signal(target, "SIGKILL"), GRACE_MS);
  await ended;
  clearTimeout(late);
  // Its children may have outlived it.
  if (target !== undefined && target < 0) signal(target, "SIGKILL");
}

/** @param target a process, or below 0 a group; undefined: it did not start */
function signal(target: number | undefined, name: NodeJS.Signals): void {
  try {
    if (target !== undefined) process.kill(target, name);
  } catch {
    // It is gone.
  }
}
