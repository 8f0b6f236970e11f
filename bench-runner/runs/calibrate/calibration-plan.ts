// What a calibration does: the run's clients and pace, in a time that is bounded. Pure.
import type { Config } from "../../config/config.ts";
import type { Summary } from "../../summary/summary.ts";

/** Where no run says otherwise. */
const DEFAULT_PACE_MS = 20;
const DEFAULT_FIRST_TOKEN_MS = 200;

/** Longest wait for a first token, and longest stream; so long requests are sent at least, and no longer than that. */
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

/** What a finished run saw, as far as it is needed. */
export type SeenByRun = Pick<Summary, "metrics">;

/**
 * The answers' pace and first token are the medians that the run saw, their length the median too; 20 ms, 200 ms and
 * `max_tokens` where there is no run. Every client sends a request or more, all of it within 30 s.
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
