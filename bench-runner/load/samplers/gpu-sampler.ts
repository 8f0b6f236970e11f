// Once a second while the load runs: what nvidia-smi says of the GPUs. Nothing waits for it, and it ends with the run.
import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import type { GpuLine, GpuReading } from "../../run-folder/run-files.ts";
import { NVIDIA_SMI_ARGS, parseGpuLine } from "../../servers/metrics/nvidia-smi.ts";

/** It has this long to end after it was told to; one that hangs in the driver may never. */
const END_MS = 500;
/** A line is about 60 characters; what is no line is not kept beyond that. */
const LONGEST_LINE = 4096;

/** @param write gets a line for every second, and one with the problem where there will be no more */
export function startGpuSampler(write: (line: GpuLine) => void): { stop(): Promise<void> } {
  // A group of its own, or Ctrl-C in the terminal would end it before the run; when the runner is killed outright, it ends
  // with its next line, which nobody reads.
  const child = spawn("nvidia-smi", [...NVIDIA_SMI_ARGS], {
    detached: process.platform !== "win32",
    stdio: ["ignore", "pipe", "pipe"],
  });
  // At the second Ctrl-C the runner exits without stopping anything.
  const endNow = () => signalGroup(child, "SIGKILL");
  process.once("exit", endNow);
  let [isStopped, hasReading, said] = [false, false, ""];
  const report = (problem: string): void => {
    if (!isStopped) write({ type: "gpu", atUnixMs: Date.now(), gpus: [], problem });
    isStopped = true;
  };
  const take = (lines: readonly string[]): void => {
    if (isStopped) return;
    const atUnixMs = Date.now();
    for (const gpus of toRounds(lines.flatMap((line) => parseGpuLine(line) ?? []))) {
      hasReading = true;
      write({ type: "gpu", atUnixMs, gpus });
    }
    // Errors come on stdout, too.
    said = lines.find((line) => parseGpuLine(line) === undefined && line.trim() !== "")?.trim() ?? said;
  };
  splitLines(child.stdout, take);
  splitLines(child.stderr, take);

  const ended = new Promise<void>((settle) => {
    const resolve = () => {
      process.removeListener("exit", endNow);
      settle();
    };
    child.once("error", (error: NodeJS.ErrnoException) => {
      report(
        error.code === "ENOENT"
          ? "there is no nvidia-smi on PATH"
          : `nvidia-smi could not be started (${error.code ?? error.message})`,
      );
      resolve();
    });
    child.once("close", (exitCode, signal) => {
      const how = exitCode === null ? `by ${signal}` : `with exit code ${exitCode}`;
      report(`nvidia-smi ended ${how}${said === "" ? "" : `: ${said.slice(0, 200)}`}`);
      resolve();
    });
  });
  return {
    async stop() {
      if (!isStopped && !hasReading) report("nvidia-smi said nothing");
      isStopped = true;
      for (const name of ["SIGTERM", "SIGKILL"] as const) {
        signalGroup(child, name);
        if (await Promise.race([ended.then(() => true), delay(END_MS, false)])) return;
      }
      // In the driver even SIGKILL waits: the runner does not.
      child.stdout.destroy();
      child.stderr.destroy();
      child.unref();
    },
  };
}

function signalGroup(child: ChildProcess, name: NodeJS.Signals): void {
  try {
    if (child.pid === undefined) return;
    if (process.platform === "win32") child.kill(name);
    else process.kill(-child.pid, name);
  } catch {
    // It has ended.
  }
}

/** A GPU that comes again begins the next second. */
function toRounds(readings: readonly GpuReading[]): GpuReading[][] {
  const rounds: GpuReading[][] = [];
  for (const reading of readings) {
    const last = rounds.at(-1);
    if (last === undefined || last.some(({ index }) => index === reading.index)) rounds.push([reading]);
    else last.push(reading);
  }
  return rounds;
}

function splitLines(stream: NodeJS.ReadableStream, take: (lines: string[]) => void): void {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = (lines.pop() ?? "").slice(0, LONGEST_LINE);
    take(lines);
  });
  stream.on("end", () => take([rest]));
}
