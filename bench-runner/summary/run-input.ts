// Reads the files of a run folder back into the input of `summarize`.
import { existsSync, statSync } from "node:fs";
import type { K6SummaryData } from "../../lib/core/goals/console-summary.ts";
import type { Schedule } from "../../lib/core/plans/schedule.ts";
import { readJson } from "../platform/json-file.ts";
import type { Shape } from "../platform/json-shape.ts";
import type { Calibration } from "../run-folder/calibration-file.ts";
import { FILE_SHAPES } from "../run-folder/file-shapes.ts";
import {
  type ConfigFile,
  type EnvironmentFile,
  type OutcomeFile,
  RUN_FILES,
} from "../run-folder/run-files.ts";
import { readServerSamples, type ServerSamples } from "./server/server-samples.ts";

/** The files of a run, read. */
export interface RunInput {
  /** Path of records.jsonl. */
  records: string;
  config: ConfigFile;
  outcome: OutcomeFile;
  environment?: EnvironmentFile;
  /** Open loop only: when requests were due. */
  schedule?: Schedule;
  /** What was sampled during the load. */
  samples?: ServerSamples;
  k6Summary?: K6SummaryData;
  calibration?: Calibration;
}

const REMEDY = "Without it the run cannot be summarised.";

/** The outcome of a run whose runner was killed before it could write one: the times of its files give its start and end. */
export function makeUpOutcome(folder: { file(name: string): string }): OutcomeFile {
  return {
    schema: "server-bench/outcome/1",
    startedUnixMs: Math.round(statSync(folder.file(RUN_FILES.config)).mtimeMs),
    endedUnixMs: Math.round(statSync(folder.file(RUN_FILES.records)).mtimeMs),
    partial: true,
    reason: "the runner was killed, or its disk was full, before the run ended",
    serverMetrics: false,
  };
}

/**
 * @param folder a run folder: gives the path of each of its files
 * @param known how the run ended, instead of outcome.json
 * @returns undefined if there is no journal and so nothing to summarize
 * @throws UserError that names the file which is missing or not valid JSON
 */
export function readRunInput(
  folder: { file(name: string): string },
  known?: OutcomeFile,
): RunInput | undefined {
  if (!existsSync(folder.file(RUN_FILES.records))) return undefined;
  const config = readJson<ConfigFile>(folder.file(RUN_FILES.config), REMEDY, FILE_SHAPES.config);
  const outcome = known ?? readJson<OutcomeFile>(folder.file(RUN_FILES.outcome), REMEDY, FILE_SHAPES.outcome);
  const environment = readJsonIfThere<EnvironmentFile>(
    folder.file(RUN_FILES.environment),
    FILE_SHAPES.environment,
  );
  const calibration = readJsonIfThere<Calibration>(
    folder.file(RUN_FILES.calibration),
    FILE_SHAPES.calibration,
  );
  const k6Summary = readK6Summary(folder.file(RUN_FILES.k6Summary));
  const schedule = readJsonIfThere<Schedule>(folder.file(RUN_FILES.schedule), FILE_SHAPES.schedule);
  const samples = existsSync(folder.file(RUN_FILES.server))
    ? readServerSamples(folder.file(RUN_FILES.server))
    : undefined;
  return {
    records: folder.file(RUN_FILES.records),
    config,
    outcome,
    ...(environment && { environment }),
    ...(schedule && { schedule }),
    ...(k6Summary && { k6Summary }),
    ...(calibration && { calibration }),
    ...(samples && { samples }),
  };
}

/** A full disk cuts the file off: the cross-check is then unavailable, which is no reason to make no summary. */
function readK6Summary(path: string): K6SummaryData | undefined {
  try {
    return readJsonIfThere<K6SummaryData>(path, FILE_SHAPES.k6Summary);
  } catch {
    return undefined;
  }
}

function readJsonIfThere<T>(path: string, shape: Shape): T | undefined {
  return existsSync(path) ? readJson<T>(path, REMEDY, shape) : undefined;
}
