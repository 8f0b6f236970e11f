// The plan of a calibration: the run's clients and pace, in a bounded time. Pure.
import type { Config } from "../../config/config.ts";
import type { Summary } from "../../summary/summary.ts";

/** Used without a finished run. */
const DEFAULT_PACE_MS = 20;
const DEFAULT_FIRST_TOKEN_MS = 200;

/** Longest wait for a first token and longest stream; then the time that a calibration aims for, and its limit. */
const MOST_FIRST_TOKEN_MS = 5_000;
const MOST_STREAM_MS = 8_000;
const AIM_MS = 12_000;
const MOST_SECONDS = 30;

/** How the null server answers. */
export interface NullAnswer {
  tokens: number;
  paceMs: number;
  firstTokenMs: number;
}

export interface CalibrationPlan extends NullAnswer {
  clients: number;
  iterations: number;
  seconds: number;
}

/** The results of a finished run that are needed. */
export type SeenByRun = Pick<Summary, "metrics">;

/**
 * Pace, first token and length of the answers are the medians of the run; without a run 20 ms, 200 ms and `max_tokens`.
 * Every client sends at least one request, and all of them fit into 30 s.
 */
export function planCalibration(
  config: Pick<Config, "vus" | "iterations"> & { load: { maxTokens: number; sleep: number } },
  seen?: SeenByRun,
): CalibrationPlan {
  const { tpot, ttft, completionTokens } = seen?.metrics ?? {};
  const paceMs = Math.max(tpot?.median ?? DEFAULT_PACE_MS, 0.1);
  const firstTokenMs = Math.min(ttft?.median ?? DEFAULT_FIRST_TOKEN_MS, MOST_FIRST_TOKEN_MS);
  const wanted = Math.round(completionTokens?.median ?? config.load.maxTokens);
  const tokens = Math.max(2, Math.min(wanted, Math.floor(MOST_STREAM_MS / paceMs)));
  const requestMs = firstTokenMs + tokens * paceMs + config.load.sleep * 1000;
  const rounds = Math.max(1, Math.floor(AIM_MS / requestMs));
  return {
    tokens,
    paceMs,
    firstTokenMs,
    clients: config.vus,
    iterations: Math.max(
      config.vus,
      Math.min(config.iterations ?? Number.POSITIVE_INFINITY, config.vus * rounds),
    ),
    seconds: MOST_SECONDS,
  };
}
