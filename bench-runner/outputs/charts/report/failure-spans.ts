// The times of a run in which requests failed, for the charts that show what else happened then.
import { FAILED_VERDICTS } from "../../../../lib/core/goals/thresholds.ts";
import type { TimeSeries } from "../../../summary/series/report-data.ts";

/** Pauses of up to this many intervals are part of a span: refused clients wait before they try again. */
const LONGEST_PAUSE = 2;
/** More spans are not a brief incident: shading would cover the chart, and the chart of failures shows them. */
const MOST_SPANS = 4;
const FAILED: readonly string[] = FAILED_VERDICTS;

/** In seconds since the load began; none where failures are spread over the run. */
export function toFailureSpans({
  seconds,
  stepSeconds,
  failures,
}: TimeSeries): { from: number; to: number }[] {
  const counted = failures.filter(({ verdict }) => FAILED.includes(verdict));
  const spans: { first: number; last: number }[] = [];
  for (const at of seconds.keys()) {
    if (!counted.some(({ counts }) => (counts[at] ?? 0) > 0)) continue;
    const open = spans.at(-1);
    if (open !== undefined && at - open.last <= LONGEST_PAUSE + 1) open.last = at;
    else spans.push({ first: at, last: at });
  }
  const covered = spans.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  if (spans.length > MOST_SPANS || covered > seconds.length / 2) return [];
  const start = (at: number) => (seconds[at] ?? 0) - stepSeconds / 2;
  return spans.map(({ first, last }) => ({ from: start(first), to: start(last) + stepSeconds }));
}
