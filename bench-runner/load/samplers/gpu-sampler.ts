// Reads the GPUs by nvidia-smi once a second during the load. Nothing waits for it, and it ends with the run.
import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import type { Guard } from "../../platform/guard.ts";
import type { GpuLine, GpuReading } from "../../run-folder/run-files.ts";
import { NVIDIA_SMI_ARGS, parseGpuLine } from "../../servers/metrics/nvidia-smi.ts";

/** Time to end after a stop request; a process that hangs in the driver may never end. */
const END_MS = 500;
/** A line has about 60 characters; longer text without a line end is dropped. */
const LONGEST_LINE = 4096;

/**
 * @param write gets a line for every second, and a line with the problem if readings end early
 * @param guard ends it if the runner is killed: one that hangs in the driver would not notice
 */
export function startGpuSampler(
  write: (line: GpuLine) => void,
  guard: Pick<Guard, "add" | "remove">,
): { stop(): Promise<void> } {
  // Its own process group, since Ctrl-C in the terminal would end it before the run.
  const child = spawn("nvidia-smi", [...NVIDIA_SMI_ARGS], {
    detached: process.platform !== "win32",
    stdio: ["ignore", "pipe", "pipe"],
  });
  const { pid } = child;
  if (pid !== undefined) guard.add(pid);
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
    // Errors appear on stdout as well.
    said = lines.find((line) => parseGpuLine(line) === undefined && line.trim() !== "")?.trim() ?? said;
  };
  splitLines(child.stdout, take);
  splitLines(child.stderr, take);

  const ended = new Promise<void>((settle) => {
    const resolve = () => {
      process.removeListener("exit", endNow);
      if (pid !== undefined) guard.remove(pid);
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
      // SIGKILL itself waits for the driver; the runner does not.
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

/** A GPU that appears again begins the next second. */
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
