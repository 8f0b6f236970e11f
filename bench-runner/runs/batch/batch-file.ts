// batch.json: the runs of a batch, and how each of them ended.
import type { ConfigSources } from "../../config/config-types.ts";
import type { RunNames } from "./run-names.ts";

/** A run that a batch measures. */
export interface BatchEntry {
  names: RunNames;
  sources: ConfigSources;
}

export interface BatchFile {
  schema: "server-bench/batch/1";
  /** ISO 8601, UTC. */
  start: string;
  /** Absent while it runs, and if it was killed. */
  end?: string;
  runs: BatchRun[];
}

export interface BatchRun {
  number: number;
  target?: string;
  model?: string;
  workload?: string;
  /** Its folder, relative to the batch's; absent before it began. */
  folder?: string;
  exitCode?: number;
  /** Why its results are missing or incomplete. */
  problem?: string;
}

export const BATCH_FILE = "batch.json";
