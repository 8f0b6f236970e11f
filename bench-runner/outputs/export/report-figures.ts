// The figures of `report-json` that only the requests have: E2E / tokens of each, and the peak of a sliding window.
import { toNumber } from "../../../lib/core/request/request-metrics.ts";
import { type Statistics, toStatistics } from "../../statistics/statistics.ts";
import { ValueColumn } from "../../statistics/value-column.ts";
import { IntervalSum } from "../../summary/series/interval-sum.ts";
import type { TimeGrid } from "../../summary/series/time-grid.ts";
import { addTokens } from "../../summary/series/token-arrivals.ts";
import type { Window } from "../../summary/summary.ts";
import { isJudged, type RecordView } from "./record-view.ts";

export interface ReportFigures {
  /** E2E / output tokens of complete requests, in milliseconds; undefined where none has both. */
  msPerToken: Statistics | undefined;
  /** Undefined where the tokens of a whole answer are counted by nobody. */
  peakTokensPerSecond: number | undefined;
}

const PEAK_MS = 5000;
/** The window slides in steps of this; a token event belongs to its step. */
const STEP_MS = 10;
/** A run of more than five hours has coarser steps. */
const MOST_STEPS = 2_000_000;

/** @throws UserError for a journal that cannot be read */
export async function readReportFigures(
  records: AsyncIterable<RecordView>,
  window: Window | undefined,
): Promise<ReportFigures> {
  const grid = window && toGrid(window);
  const tokens = grid && new IntervalSum(grid);
  const perToken = new ValueColumn();
  let isCounted = true;
  for await (const record of records) {
    const { line, details } = record;
    if (grid && tokens) addTokens(tokens, grid, line);
    const isComplete = details.verdict === "complete";
    if (line.document && isComplete && toNumber(line.fields.completionTokens) === undefined)
      isCounted = false;
    const { e2eMs, completionTokens = 0 } = details;
    if (isComplete && isJudged(record) && e2eMs !== undefined && completionTokens > 0)
      perToken.push(e2eMs / completionTokens);
  }
  return {
    msPerToken: toStatistics(perToken.toArray()),
    peakTokensPerSecond:
      isCounted && grid && tokens ? toPeak(tokens.toSums().slice(1, -1), grid.stepMs) : undefined,
  };
}

/** The steps of the window, and one on each side for what lies outside of it. */
function toGrid({ startMs, endMs }: Window): TimeGrid {
  // A whole number of steps is five seconds.
  const stepMs =
    [STEP_MS, 50, 250, 1000, PEAK_MS].find((ms) => (endMs - startMs) / ms < MOST_STEPS) ?? PEAK_MS;
  const inside = Math.floor((endMs - startMs) / stepMs) + 1;
  return { originMs: startMs - stepMs, stepMs, count: inside + 2, endMs };
}

/** The most in any five seconds, per second: a shorter run is divided by five seconds, too. */
function toPeak(sums: readonly number[], stepMs: number): number {
  const steps = PEAK_MS / stepMs;
  let sum = 0;
  let peak = 0;
  for (const [index, amount] of sums.entries()) {
    sum += amount - (index < steps ? 0 : (sums[index - steps] as number));
    peak = Math.max(peak, sum);
  }
  return peak / (PEAK_MS / 1000);
}
