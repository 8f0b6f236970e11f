// CPU time and memory of the run's processes and of the machine, from samples taken once a second.
import type { HostLine } from "../../run-folder/run-files.ts";
import type { ClientUse, HostUse, ProcessUse, Spread } from "../summary.ts";
import type { ServerSamples } from "./server-samples.ts";

type Role = keyof HostLine["processes"];

/** A stretch of wall-clock time, Unix milliseconds. */
export interface UnixSpan {
  fromMs: number;
  toMs: number;
}

/**
 * The use of a process and its descendants in `span`: busy cores over the time between samples; a sample that crosses an
 * end counts in proportion. Undefined if it was not sampled.
 */
export function toProcessUse(lines: readonly HostLine[], role: Role, span: UnixSpan): ProcessUse | undefined {
  let [cpuSeconds, seconds, peakMemoryBytes] = [0, 0, 0];
  for (const [index, line] of lines.entries()) {
    const use = line.processes[role];
    const elapsedMs = overlapMs(lines[index - 1], line, span);
    if (use === undefined || elapsedMs <= 0) continue;
    peakMemoryBytes = Math.max(peakMemoryBytes, use.memoryBytes);
    if (use.cpuCores === undefined) continue;
    cpuSeconds += (use.cpuCores * elapsedMs) / 1000;
    seconds += elapsedMs / 1000;
  }
  if (peakMemoryBytes === 0) return undefined;
  return { ...(seconds > 0 && { cpuSeconds, cpuCores: cpuSeconds / seconds }), peakMemoryBytes };
}

/** Busy cores of the whole machine in `span`: mean over time, and the largest sample. */
function toHostCores(lines: readonly HostLine[], span: UnixSpan): Spread | undefined {
  let [sum, elapsed, max] = [0, 0, 0];
  for (const [index, line] of lines.entries()) {
    const elapsedMs = overlapMs(lines[index - 1], line, span);
    if (line.cpuCores === undefined || elapsedMs <= 0) continue;
    sum += line.cpuCores * elapsedMs;
    elapsed += elapsedMs;
    max = Math.max(max, line.cpuCores);
  }
  return elapsed > 0 ? { mean: sum / elapsed, max } : undefined;
}

function overlapMs(before: HostLine | undefined, { atUnixMs }: HostLine, { fromMs, toMs }: UnixSpan): number {
  return before === undefined ? 0 : Math.min(atUnixMs, toMs) - Math.max(before.atUnixMs, fromMs);
}

/** k6's use and the whole machine's; each is absent if it was not sampled. */
export function toMachineUse(
  samples: ServerSamples | undefined,
  window: UnixSpan | undefined,
  logicalCores: number | undefined,
): { client?: ClientUse; host?: HostUse } {
  if (samples === undefined || window === undefined) return {};
  const k6 = toProcessUse(samples.hosts, "k6", window);
  const cpuCores = toHostCores(samples.hosts, window);
  const cores = logicalCores === undefined ? {} : { logicalCores };
  return {
    ...(k6 && {
      client: {
        ...(k6.cpuSeconds !== undefined && { k6CpuSeconds: k6.cpuSeconds }),
        ...(k6.cpuCores !== undefined && { k6CpuCores: k6.cpuCores }),
        k6PeakMemoryBytes: k6.peakMemoryBytes,
        ...cores,
      },
    }),
    ...(cpuCores && { host: { cpuCores, ...cores } }),
  };
}
