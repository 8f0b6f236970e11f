// The processes that the runner starts, except for the guardian and the GPU sampler: short commands, and groups that live as long as the run.
import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { execa } from "execa";
import type { Guard } from "./guard.ts";
import { toLaunchedCommand } from "./launched-command.ts";
import { MARK_VARIABLE, makeMark, ownMarks } from "./marked-processes.ts";
import { ScatteredProcesses } from "./scattered-processes.ts";
import { sendSignal } from "./send-signal.ts";

export interface CommandResult {
  exitCode: number | undefined;
  stdout: string;
  stderr: string;
  /** ENOENT, EACCES, …: the program could not be started at all. */
  startError?: string;
}

/** Runs a short command to its end, at most `timeoutMs`; never throws for a failure of the command. */
export async function runCommand(
  file: string,
  args: readonly string[],
  options: { cwd?: string; timeoutMs?: number; env?: Readonly<Record<string, string | undefined>> } = {},
): Promise<CommandResult> {
  const result = await execa(file, [...args], {
    reject: false,
    stdin: "ignore",
    timeout: options.timeoutMs ?? 10_000,
    ...(options.cwd !== undefined && { cwd: options.cwd }),
    // If the runner is killed meanwhile, the guardian finds it by the mark.
    env: { ...options.env, [MARK_VARIABLE]: ownMarks() },
  });
  const startError = result.exitCode === undefined && "code" in result ? String(result.code) : undefined;
  return {
    exitCode: result.exitCode,
    stdout: result.stdout,
    stderr: result.stderr,
    ...(startError !== undefined && { startError }),
  };
}

/** How a process ended: its exit code, or the signal that ended it, or why it could not be started. */
export interface Ended {
  exitCode?: number;
  signal?: string;
  startError?: string;
}

/** A process with its own group (without a launcher also its own session): Ctrl-C in the terminal reaches only the runner. */
export interface ProcessGroup {
  /** Absent if the program could not be started. */
  readonly pid: number | undefined;
  readonly ended: Promise<Ended>;
  /** Set once it has ended. */
  readonly end: Ended | undefined;
  /** Sends a signal to the whole group; false if no process is left to receive it. */
  signal(name: NodeJS.Signals): boolean;
  /** Whether any of its processes is alive, in the group or elsewhere. */
  isThere(): boolean;
  /** Ends all of it at once, without waiting. */
  kill(): void;
  /** Ends the group and what has left it: SIGTERM, after `graceMs` SIGKILL. Resolves when all of it has ended. */
  stop(graceMs: number): Promise<Ended>;
}

export interface GroupOptions {
  file: string;
  args: readonly string[];
  /** In addition to the runner's own; an undefined one is taken out. */
  variables?: Record<string, string | undefined>;
  cwd?: string;
  /** Gets stdout and stderr, straight from the process: its output is kept even if the runner dies. */
  logPath: string;
  guard: Guard;
  /** A program that puts it into its group and leaves it in the runner's session, see launcher.ts. */
  launcher?: string;
  /**
   * Exit code 0 of the process is not its end: what it started, in its group or elsewhere, runs until it is stopped. For
   * scripts that start a server in the background, and `docker run -d`.
   */
  mayDetach?: true;
  /** It may start processes that leave the group: it gets a control group of its own, where there is one to be had. */
  mayScatter?: true;
}

const ALIVE_POLL_MS = 50;

/** @throws when the log cannot be written (the file system's own error) */
export function startGroup(options: GroupOptions): ProcessGroup {
  const log = openSync(options.logPath, "a");
  const { launcher } = options;
  const isLaunched = launcher !== undefined;
  const mark = makeMark();
  const scattered = new ScatteredProcesses(mark, options);
  const { file, args, variables } = scattered.wrap(
    isLaunched ? toLaunchedCommand(launcher, options) : options,
  );
  const child = spawn(file, [...args], {
    detached: !isLaunched && process.platform !== "win32",
    // Written directly to the file, not through the runner, which execa does not offer.
    stdio: ["ignore", log, log],
    env: { ...process.env, ...variables, [MARK_VARIABLE]: mark },
    ...(options.cwd !== undefined && { cwd: options.cwd }),
  });
  closeSync(log);
  const { pid } = child;
  if (pid !== undefined) options.guard.add(pid);

  let end: Ended | undefined;
  // A launched process has no group for its first milliseconds.
  let hasGroup = !isLaunched;
  let hasExited = false;
  const signal = (name: NodeJS.Signals | 0): boolean => {
    if (pid === undefined) return false;
    if (process.platform === "win32") return sendSignal(pid, name);
    if (sendSignal(-pid, name)) {
      hasGroup = true;
      return true;
    }
    return !hasGroup && !hasExited && sendSignal(pid, name);
  };
  const isThere = (): boolean => end === undefined && (signal(0) || scattered.isThere());
  const released = Promise.withResolvers<void>();
  let isStopping = false;
  const ended = new Promise<Ended>((resolve) => {
    child.on("error", (error: NodeJS.ErrnoException) => {
      if (pid === undefined) resolve({ startError: error.code ?? error.message });
    });
    child.on("exit", (exitCode, signalName) => {
      hasExited = true;
      resolve(exitCode === null ? { signal: signalName ?? "an unknown signal" } : { exitCode });
    });
  }).then(async (result) => {
    // A shell ends at once on a signal: its children get their grace period, too.
    if (isStopping || (options.mayDetach && result.exitCode === 0)) await released.promise;
    // What the process started must not outlive it.
    signal("SIGKILL");
    await scattered.end();
    if (pid !== undefined) options.guard.remove(pid);
    end = result;
    return result;
  });
  return {
    pid,
    ended,
    get end() {
      return end;
    },
    signal,
    isThere,
    kill() {
      signal("SIGKILL");
      scattered.kill();
    },
    async stop(graceMs) {
      if (end !== undefined) return end;
      isStopping = true;
      signal("SIGTERM");
      scattered.terminate(pid);
      const deadline = performance.now() + graceMs;
      while (isThere() && performance.now() < deadline) await delay(ALIVE_POLL_MS);
      signal("SIGKILL");
      released.resolve();
      return ended;
    },
  };
}
