// The times of a run: its measured window, the intervals of its charts, and where its load and its schedule began.
import type { PhaseOptions } from "../../lib/core/plans/phases.ts";
import type { ConfigFile } from "../run-folder/run-files.ts";
import type { RunInput } from "./run-input.ts";
import { type Grids, toTimeGrid } from "./series/time-grid.ts";
import type { ServerSpans } from "./server/server-use.ts";
import type { Window } from "./summary.ts";
import { countOffered, type Offered } from "./tallies/arrival-tally.ts";
import type { JournalTally } from "./tallies/journal-tally.ts";

/**
 * From the first start to the planned end; to the last end of a request if their number ends the run, or if the run was
 * over before its planned end. (An open loop may end early: no further request was due.)
 */
export function toWindow(journal: JournalTally, input: RunInput): Window | undefined {
  const { measured, others, epochUnixMs } = journal;
  const { config, outcome } = input;
  const startMs = measured.firstStartMs;
  const cooldownMs = Number(config.values.cooldownTime ?? 0) * 1000;
  const plannedMs = toLoadStart(journal, input) + config.durationSeconds * 1000 - cooldownMs;
  const runEndMs = epochUnixMs === undefined ? 0 : outcome.endedUnixMs - epochUnixMs;
  const isReached = plannedMs <= runEndMs || (config.kind === "open" && !outcome.partial);
  const byDuration = endsByTime(config, measured.requests + others.requests) && isReached;
  const endMs = byDuration ? plannedMs : measured.lastEndMs;
  if (!(endMs > startMs)) return undefined;
  return { startMs, endMs, seconds: (endMs - startMs) / 1000, endedBy: byDuration ? "duration" : "requests" };
}

/** The intervals of the charts, and those in which completed requests are counted: twenty on average. */
export function toGrids({ measured, others }: JournalTally): Grids {
  const requests = measured.requests + others.requests;
  const fromMs = Math.min(measured.firstStartMs, others.firstStartMs);
  const toMs = Math.max(measured.lastEndMs, others.lastEndMs);
  const span = requests === 0 ? undefined : { fromMs, toMs };
  return { grid: toTimeGrid(span, requests), countGrid: toTimeGrid(span, requests, 1) };
}

/**
 * The arrivals that were due while the run lasted; undefined without a schedule, and where pauses were skipped: the time
 * of the run is then not the time of the schedule.
 */
export function toOffered(journal: JournalTally, input: RunInput): Offered | undefined {
  const { schedule, config, outcome } = input;
  if (schedule === undefined || journal.epochUnixMs === undefined || skipsIdle(config)) return undefined;
  const runMs = outcome.endedUnixMs - journal.epochUnixMs - toLoadStart(journal, input);
  return countOffered(schedule, config.values as PhaseOptions, runMs);
}

/** Window and load on the wall clock; undefined if the journal does not record its epoch. */
export function toSpans(
  { measured, others, epochUnixMs }: JournalTally,
  window: Window,
): ServerSpans | undefined {
  if (epochUnixMs === undefined) return undefined;
  return {
    window: { fromMs: epochUnixMs + window.startMs, toMs: epochUnixMs + window.endMs },
    load: {
      fromMs: epochUnixMs + Math.min(measured.firstStartMs, others.firstStartMs),
      toMs: epochUnixMs + Math.max(measured.lastEndMs, others.lastEndMs),
    },
  };
}

/** When the load began, in an open loop its schedule, in milliseconds of the journal's epoch. */
function toLoadStart({ measured, others }: JournalTally, { schedule }: RunInput): number {
  return Math.min(measured.firstStartMs, others.firstStartMs) - (schedule?.offsetsMs[0] ?? 0);
}

const skipsIdle = ({ values }: ConfigFile) => values.skipIdleMin !== undefined;

/** In an open loop all arrivals are sent, so the options decide; with skipped pauses nobody plans when it ends. */
function endsByTime(config: ConfigFile, requests: number): boolean {
  const { kind, values, iterations } = config;
  if (skipsIdle(config)) return false;
  if (kind === "open") return values.duration !== undefined || values.rateStages !== undefined;
  return iterations === undefined || requests < iterations;
}
