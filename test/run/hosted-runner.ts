// Runs of the runner in a process that is kept: to start Node and load the runner takes more than a short run does.
import { type ChildProcess, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import type { HostedCommand, HostedEnd } from "./runner-host.ts";

const program = new URL("runner-host.ts", import.meta.url).pathname;

/** A run of the host leaves some 10 MB behind: modules cannot be unloaded. */
const MOST_RUNS = 30;

interface Host {
  child: ChildProcess & { stdout: Readable; stderr: Readable };
  runs: number;
}

/** The host of this process, when it is free. */
let free: Host | undefined;

export interface HostedResult {
  /** Undefined where a signal ended the host. */
  exitCode: number | undefined;
  stdout: string;
  stderr: string;
}

function startHost(): Host {
  const child = spawn(process.execPath, [program], { stdio: ["ignore", "pipe", "pipe", "ipc"] });
  return { child: child as Host["child"], runs: 0 };
}

/** Ends a host that is not used again. */
function end({ child }: Host): void {
  if (child.connected) child.disconnect();
}

/** A host keeps neither this process nor vitest alive. */
function setReferenced({ child }: Host, isReferenced: boolean): void {
  const streams = [child.stdout, child.stderr] as unknown as { ref(): void; unref(): void }[];
  for (const one of [child, child.channel, ...streams]) {
    if (isReferenced) one?.ref();
    else one?.unref();
  }
}

/**
 * Runs the bundle in a process of its own state: a second run at the same time gets a host of its own.
 * @param limitMs then the host is killed
 */
export async function runHosted(command: HostedCommand, limitMs: number): Promise<HostedResult> {
  const host = free ?? startHost();
  free = undefined;
  setReferenced(host, true);
  const { child } = host;
  const output = { stdout: "", stderr: "" };
  let ended: HostedEnd | undefined;
  const result = await new Promise<HostedResult>((resolve) => {
    const limit = setTimeout(() => child.kill("SIGKILL"), limitMs);
    const finish = (exitCode: number | undefined) => {
      clearTimeout(limit);
      for (const stream of [child.stdout, child.stderr]) stream.removeAllListeners("data");
      child.removeAllListeners();
      resolve({ exitCode, ...output });
    };
    const check = () => {
      if (ended === undefined) return;
      const { mark, exitCode } = ended;
      if (output.stdout.endsWith(mark) && output.stderr.endsWith(mark)) finish(exitCode);
    };
    for (const name of ["stdout", "stderr"] as const) {
      child[name].setEncoding("utf8");
      child[name].on("data", (text: string) => {
        output[name] += text;
        check();
      });
    }
    child.on("message", (message) => {
      ended = message as HostedEnd;
      check();
    });
    child.on("close", (code) => finish(code ?? undefined));
    child.send(command);
  });
  const { mark = "" } = (ended ?? {}) as Partial<HostedEnd>;
  host.runs += 1;
  setReferenced(host, false);
  if (ended === undefined || host.runs === MOST_RUNS || free !== undefined) end(host);
  else free = host;
  // As execa gives it: without the last newline.
  const withoutMark = (text: string) => text.slice(0, text.length - mark.length).replace(/\n$/, "");
  return { ...result, stdout: withoutMark(result.stdout), stderr: withoutMark(result.stderr) };
}
