// CPU and memory over time, of the machine and of the processes of a run; utilization, memory, power and temperature of each GPU.
import type { GpuLine, HostLine } from "../../run-folder/run-files.ts";
import type { SampledSeries } from "../../summary/series/report-data.ts";
import { type LoadSpan, toPoints } from "./series-points.ts";

interface Row extends Omit<SampledSeries, "points" | "group"> {
  of: (line: HostLine) => number | undefined;
}

const PROCESSES = [
  ["server", "the server"],
  ["k6", "k6"],
  ["runner", "the runner"],
] as const;

const ROWS: readonly Row[] = [
  { key: "hostCpu", label: "CPU of the machine", unit: "cores", of: (line) => line.cpuCores },
  ...PROCESSES.map(
    ([role, name]): Row => ({
      key: `${role}Cpu`,
      label: `CPU of ${name}`,
      unit: "cores",
      of: (line) => line.processes[role]?.cpuCores,
    }),
  ),
  { key: "hostMemory", label: "Memory of the machine", unit: "bytes", of: (line) => line.memoryUsedBytes },
  ...PROCESSES.map(
    ([role, name]): Row => ({
      key: `${role}Memory`,
      label: `Memory of ${name}`,
      unit: "bytes",
      of: (line) => line.processes[role]?.memoryBytes,
    }),
  ),
];

/** Busy cores since the previous sample; memory as sampled. What was not sampled has no series. */
export function toMachineSeries(hosts: readonly HostLine[], load: LoadSpan): SampledSeries[] {
  return ROWS.flatMap(({ of, ...row }) => {
    const points = toPoints(
      hosts.map((line) => [line.atUnixMs, of(line)] as const),
      load,
    );
    return points.length === 0 ? [] : [{ ...row, group: "machine", points }];
  });
}

const GPU_FIGURES = [
  ["utilisation", "Utilisation", "share"],
  ["memoryUsedBytes", "Memory", "bytes"],
  ["powerWatts", "Power", "W"],
  ["temperatureCelsius", "Temperature", "°C"],
] as const;

/** A figure that a GPU does not report has no series. */
export function toGpuSeries(lines: readonly GpuLine[], load: LoadSpan): SampledSeries[] {
  const indexes = new Set(lines.flatMap(({ gpus }) => gpus.map(({ index }) => index)));
  return [...indexes]
    .sort((a, b) => a - b)
    .flatMap((gpu) =>
      GPU_FIGURES.flatMap(([figure, label, unit]) => {
        const readings = lines.map(
          ({ atUnixMs, gpus }) => [atUnixMs, gpus.find(({ index }) => index === gpu)?.[figure]] as const,
        );
        const points = toPoints(readings, load);
        if (points.length === 0) return [];
        return [{ key: `gpu${gpu}.${figure}`, label: `${label} of GPU ${gpu}`, group: "gpu", unit, points }];
      }),
    );
}
