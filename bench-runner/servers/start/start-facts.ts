// What a server's start cost: the time until it was ready, and the memory that it took with its model loaded.

import { readProcessUsage } from "../../platform/proc.ts";
import { runCommand } from "../../platform/processes.ts";
import type { StartFacts } from "../../run-folder/run-files.ts";
import { NVIDIA_SMI_ARGS, parseGpuLine } from "../metrics/nvidia-smi.ts";

/** A command's shell, a launcher, an engine, its workers: more generations are not known. */
export const SERVER_GENERATIONS = 6;

/** To be read when the server is ready. */
export async function readStartFacts(pid: number | undefined, readySeconds: number): Promise<StartFacts> {
  const memoryBytes = pid === undefined ? undefined : readProcessUsage(pid, SERVER_GENERATIONS)?.memoryBytes;
  const gpuMemoryBytes = await readGpuMemory();
  return {
    readySeconds,
    ...(memoryBytes && { memoryBytes }),
    ...(gpuMemoryBytes !== undefined && { gpuMemoryBytes }),
  };
}

/** Undefined without nvidia-smi, and where one GPU does not report it. */
async function readGpuMemory(): Promise<number | undefined> {
  const once = NVIDIA_SMI_ARGS.filter((arg) => !arg.startsWith("--loop"));
  const { exitCode, stdout } = await runCommand("nvidia-smi", once, { timeoutMs: 5_000 });
  return exitCode === 0 ? addGpuMemory(stdout) : undefined;
}

/** @param text nvidia-smi's table. Pure. */
export function addGpuMemory(text: string): number | undefined {
  const used = text.split("\n").flatMap((line) => {
    const gpu = parseGpuLine(line);
    return gpu === undefined ? [] : [gpu.memoryUsedBytes];
  });
  if (used.length === 0 || used.includes(undefined)) return undefined;
  return used.reduce<number>((sum, bytes) => sum + (bytes ?? 0), 0);
}
