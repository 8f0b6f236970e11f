// batch.json: what a matrix of runs was asked for, and what came of each.
import type { ConfigSources } from "../../config/config.ts";
import type { RunNames } from "./run-names.ts";

/** A run that a batch is asked for. */
export interface BatchEntry {
  names: RunNames;
  sources: ConfigSources;
}

export interface BatchFile {
  schema: "server-bench/batch/1";
  /** ISO 8601, UTC. */
  start: string;
  /** Absent while it runs, and where it was killed. */
  end?: string;
  runs: BatchRun[];
}

export interface BatchRun {
  number: number;
  target?: string;
  model?: string;
  workload?: string;
  /** Its folder, from the batch's; absent before it began. */
  folder?: string;
  exitCode?: number;
  /** Why there is nothing, or not all, of it. */
  problem?: string;
}

export const BATCH_FILE = "batch.json";
