// The layout `task-csv`: a row for each task of a run, with the metrics of a comparison of serving scripts. Pure.
import type { Summary } from "../../summary/summary.ts";
import { renderCsvTable } from "../table/csv-table.ts";
import type { Cell } from "../table/table.ts";
import type { LayoutField } from "./layout-field.ts";

/** The requests of one task, or all of a run. */
export interface TaskSource {
  task: string | undefined;
  measured: Pick<Summary, "metrics"> & { requests: number };
  run: Summary;
  /** Throughput and memory are the run's: they are those of a task where it is the only one. */
  isWhole: boolean;
}

const inSeconds = (ms: number | undefined) => (ms === undefined ? undefined : ms / 1000);
const inMegabytes = (bytes: number | undefined) => (bytes === undefined ? undefined : bytes / 1e6);
const ofRun = (of: (run: Summary) => number | undefined) => (source: TaskSource) =>
  source.isWhole ? of(source.run) : undefined;

function toGpuMemory({ gpus }: Summary): number | undefined {
  const peaks = (gpus?.devices ?? []).map(({ peakMemoryBytes }) => peakMemoryBytes);
  if (peaks.length === 0 || peaks.includes(undefined)) return undefined;
  return peaks.reduce<number>((sum, bytes) => sum + (bytes ?? 0), 0);
}

const ONE_TASK = "of a run of one task, and in the row of all tasks";

export const TASK_CSV_FIELDS: readonly LayoutField<TaskSource>[] = [
  {
    name: "task",
    unit: "",
    formula: "the task of the prompts (`--task`), or `all`",
    of: ({ task }) => task ?? "all",
  },
  {
    name: "model",
    unit: "",
    formula: "the requested model",
    of: ({ run }) => run.configuration.values.modelAlias,
  },
  {
    name: "mode",
    unit: "",
    formula: "`stream` or `sync`",
    of: ({ run }) => run.configuration.values.mode ?? "stream",
  },
  {
    name: "requests",
    unit: "requests",
    formula: "measured requests",
    of: ({ measured }) => measured.requests,
  },
  {
    name: "total_latency",
    unit: "s",
    formula: "mean of end of the stream − sent",
    note: "the layout's ends at the last token",
    of: ({ measured }) => inSeconds(measured.metrics.e2e?.mean),
  },
  {
    name: "p2ft",
    unit: "s",
    formula: "mean of first token − sent: the prompt-to-first-token time, here TTFT",
    note: "absent for whole answers (`sync`)",
    of: ({ measured }) => inSeconds(measured.metrics.ttft?.mean),
  },
  {
    name: "token_generation_speed",
    unit: "tokens/s",
    formula: "mean of completion tokens / (end − sent), by request",
    of: ({ measured }) => measured.metrics.generationTokensPerSecond?.mean,
  },
  {
    name: "request_throughput",
    unit: "requests/s",
    formula: "complete requests that ended in the window / its length",
    note: ONE_TASK,
    of: ofRun(({ throughput }) => throughput?.requestsPerSecond),
  },
  {
    name: "token_throughput",
    unit: "tokens/s",
    formula: "output tokens received in the window / its length",
    note: ONE_TASK,
    of: ofRun(({ throughput }) => throughput?.outputTokensPerSecond),
  },
  {
    name: "gpu_memory",
    unit: "MB",
    formula: "most memory in use in the window, on all GPUs of the machine together",
    note: ONE_TASK,
    of: ofRun((run) => inMegabytes(toGpuMemory(run))),
  },
  {
    name: "host_memory",
    unit: "MB",
    formula: "most resident memory of the server's process and its descendants in the window",
    note: `${ONE_TASK}; for a server on this machine`,
    of: ofRun(({ server }) => inMegabytes(server.process?.peakMemoryBytes)),
  },
];

/** A row for each of several tasks, then one for all; a run of one task, or of none, is one row. */
export function toTaskSources(run: Summary): TaskSource[] {
  const { metrics, requests, groups, task } = run;
  const whole = { task, run, measured: { metrics, requests: requests.measured }, isWhole: true };
  const parts = (groups?.task ?? []).map(
    (group): TaskSource => ({ task: group.name, run, measured: group, isWhole: false }),
  );
  return [...parts, whole];
}

export function toTaskCsv(run: Summary): string {
  return renderCsvTable({
    columns: TASK_CSV_FIELDS.map(({ name }) => ({ title: name })),
    rows: toTaskSources(run).map((source) => TASK_CSV_FIELDS.map(({ of }) => of(source) as Cell)),
  });
}
