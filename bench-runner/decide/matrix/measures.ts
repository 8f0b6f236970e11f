// The figures of a matrix, in the order of its columns: what each is of a run, and of a task's requests within a run.
import type { Unit } from "../../../lib/core/units.ts";
import type { Group, Summary } from "../../summary/summary.ts";

/** A run, or the requests of one task of it. */
export type Measured = Pick<Summary, "metrics" | "rates"> &
  Partial<Pick<Summary, "throughput" | "gpus" | "server" | "goodput">>;

export interface Measure {
  key: string;
  label: string;
  unit: Unit;
  better: "lower" | "higher";
  of: (measured: Measured) => number | undefined;
  /** Its chart's section. */
  section: "latency" | "throughput" | "success" | "memory" | "start";
}

const TIMES = [
  ["ttft", "TTFT", ["median", "p95"]],
  ["tpot", "TPOT", ["median"]],
  ["e2e", "E2E", ["median", "p95"]],
] as const;

/** Those that no run has are in no table. */
export const MEASURES: readonly Measure[] = [
  ...TIMES.flatMap(([key, label, statistics]) =>
    statistics.map(
      (statistic): Measure => ({
        key: `${key}${statistic === "median" ? "Median" : "P95"}`,
        label: `${label} ${statistic}`,
        unit: "ms",
        better: "lower",
        section: "latency",
        of: ({ metrics }) => metrics[key]?.[statistic],
      }),
    ),
  ),
  {
    key: "outputTokensPerSecond",
    label: "output tokens/s",
    unit: "tokens/s",
    better: "higher",
    section: "throughput",
    of: ({ throughput }) => throughput?.outputTokensPerSecond,
  },
  {
    key: "requestsPerSecond",
    label: "requests/s",
    unit: "requests/s",
    better: "higher",
    section: "throughput",
    of: ({ throughput }) => throughput?.requestsPerSecond,
  },
  {
    key: "success",
    label: "success",
    unit: "share",
    better: "higher",
    section: "success",
    of: ({ rates }) => rates.success,
  },
  {
    key: "goodput",
    label: "goodput",
    unit: "share",
    better: "higher",
    section: "success",
    of: ({ goodput }) => goodput?.share,
  },
  {
    key: "gpuMemory",
    label: "GPU memory",
    unit: "bytes",
    better: "lower",
    section: "memory",
    of: ({ gpus }) => sumKnown(gpus?.devices.map(({ peakMemoryBytes }) => peakMemoryBytes)),
  },
  {
    key: "serverMemory",
    label: "server memory",
    unit: "bytes",
    better: "lower",
    section: "memory",
    of: ({ server }) => server?.process?.peakMemoryBytes,
  },
  {
    key: "memoryAfterLoad",
    label: "memory after load",
    unit: "bytes",
    better: "lower",
    section: "start",
    of: ({ server }) => server?.memoryAfterLoadBytes,
  },
  {
    key: "ready",
    label: "time to ready",
    unit: "s",
    better: "lower",
    section: "start",
    of: ({ server }) => server?.readySeconds,
  },
];

/** All GPUs together; undefined where one does not tell. */
function sumKnown(values: readonly (number | undefined)[] = []): number | undefined {
  const known = values.filter((value) => value !== undefined);
  if (known.length === 0 || known.length < values.length) return undefined;
  return known.reduce((sum, value) => sum + value, 0);
}

/** What a task's requests have of them: latencies and shares. */
export function ofGroup({ metrics, rates }: Group): Measured {
  return { metrics, rates };
}
