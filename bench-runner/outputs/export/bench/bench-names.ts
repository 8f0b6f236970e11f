// What a run is called in the layout `bench-jsonl`: in the names of its files, on each of its lines, and in the report.
import { basename, dirname } from "node:path";
import { SHAPE_OPTIONS } from "../../../../lib/core/options/shape-options.ts";
import { toScenarioName } from "../../../run-folder/run-files.ts";
import type { ExportRun } from "../export-run.ts";

/** The options that make a load another one. */
const OF_LOAD = [
  ...Object.keys(SHAPE_OPTIONS).filter((key) => key !== "workload"),
  ...["maxTokens", "temperature", "promptType"],
];

export interface BenchNames {
  target: string;
  /** What requests ask for. */
  model: string;
  /** What files call it, for the name of the file. */
  modelName?: string;
  workload: string;
  /** "20260102_030405", UTC. */
  date: string;
  /** The run folder; unknown for files of other tools. */
  run?: string;
}

/** "20260102_030405", UTC. */
export function toDate({ input }: ExportRun): string {
  return new Date(input.outcome.startedUnixMs)
    .toISOString()
    .slice(0, 19)
    .replaceAll(/[-:]/g, "")
    .replace("T", "_");
}

/**
 * The names that the user gave, else the server's address, the model that was asked for, and the scenario. A workload
 * whose load is changed by flags or variables is not the one of that name: it is "NAME-custom".
 */
export function toBenchNames(run: ExportRun): BenchNames {
  const { config } = run.input;
  const { values, origins } = config;
  const isChanged = OF_LOAD.some((key) => origins[key] === "flag" || origins[key] === "variable");
  const { workload } = values;
  return {
    target: withoutScheme(String(values.target ?? config.serverUrl)),
    model: String(values.modelAlias ?? "unknown"),
    ...(config.modelName !== undefined && { modelName: config.modelName }),
    workload:
      workload === undefined
        ? toScenarioName(config.scenario)
        : `${String(workload)}${isChanged ? "-custom" : ""}`,
    date: toDate(run),
    run: toRunName(run.folder.path),
  };
}

const withoutScheme = (url: string) => url.replace(/^\w+:\/\//, "").replace(/\/(v1)?\/?$/, "");

/** The folder's name, which begins with the time; that of a repeat, or of a run of a batch, after the folder of them all. */
function toRunName(path: string): string {
  const name = basename(path);
  return /^\d{8}T\d{6}Z/.test(name) ? name : `${basename(dirname(path))}/${name}`;
}

/** "bench_TARGET_MODEL_WORKLOAD_DATE". */
export function toBenchFileName({ target, model, modelName, workload, date }: BenchNames): string {
  return ["bench", ...[target, modelName ?? model, workload].map(toPart), date].join("_");
}

/** A part of a file name; `_` separates parts, so no part contains one. */
function toPart(text: string): string {
  const part = text.replace(/[^A-Za-z0-9.-]+/g, "-").replace(/^[-.]+|-+$/g, "");
  return part.slice(0, 60) || "unknown";
}

/** What a file's name says, for lines that say nothing: of several `_`, those in excess belong to the model. */
export function readBenchFileName(name: string): BenchNames {
  const [, target, model, workload, date] =
    /^bench_([^_]+)_(.+)_([^_]+)_(\d{8}_\d{6}(?:-\d+)?)$/.exec(name) ?? [];
  return {
    target: target ?? "unknown",
    model: model ?? "unknown",
    workload: workload ?? name,
    date: date ?? "unknown",
  };
}
