// The rules by which the charts were binned and thinned, one sentence each, for readers of the page.

import type { Scatter } from "../../summary/series/report-data.ts";
import { ENOUGH_REQUESTS, type TimeGrid } from "../../summary/series/time-grid.ts";
import { LARGEST_GAPS, MOST_TICKS } from "../../summary/series/token-ticks.ts";
import { MOST_SHARES } from "./cumulative-shares.ts";
import { LOG_RATIO } from "./distribution-bins.ts";
import { CELLS_ACROSS, CELLS_UP, MOST_ALONE, MOST_SINGLE } from "./scatter-grid.ts";
import { MOST_POINTS } from "./series-points.ts";

/** The properties of a run that decide which rules apply. */
export interface Drawn {
  requests: number;
  /** Token gaps of complete measured requests. */
  gaps: number;
  scatter: Scatter | undefined;
  /** Answers that came as one document. */
  documents: number;
  grid: TimeGrid;
  countGrid: TimeGrid;
  /** Some first tokens are known only as a range of time. */
  hasRanges?: boolean;
  /** Whether the journal records its epoch. */
  hasClock: boolean;
}

const count = (value: number) => value.toLocaleString("en-US");

export function toRules({
  requests,
  gaps,
  scatter,
  documents,
  grid,
  countGrid,
  hasClock,
  hasRanges = false,
}: Drawn): string[] {
  return [
    `The charts represent ${count(requests)} requests and the ${count(gaps)} token gaps of the complete measured ones; none was left out.`,
    "Second 0 is the start of the first request of any phase.",
    "Histograms hold every value: a bin reaches from its lower edge up to but not including its upper one, and the last bin includes both.",
    `Bins are logarithmic if the largest value is more than ${LOG_RATIO} times the smallest above 0.`,
    "Token gaps are counted by the microsecond below 131 ms and are at most 0.05 % off above.",
    `A cumulative curve has up to ${MOST_SHARES} of its exact points: spaced evenly by rank, closer towards the largest values, including both ends.`,
    `Time is divided into ${count(grid.count)} intervals of ${grid.stepMs / 1000} s; medians, 95th percentiles and largest values are exact within each. Requests of an interval with fewer than ${ENOUGH_REQUESTS} are drawn one by one, and those of all intervals if more than a quarter of them hold so few.`,
    "TTFT and E2E over time include complete requests of every phase, by the time at which they started; failed requests have a chart of their own.",
    `Requests count at their end, in intervals of ${countGrid.stepMs / 1000} s; output tokens of every request count when they arrive, weighted by its usage; the rates of the last interval are over the part of it that the load covers, and left out if that is less than half.`,
    ...(hasRanges
      ? [
          "First tokens whose time is known only as a range are drawn at its upper end; gaps between tokens that are not known are left out.",
        ]
      : []),
    ...(documents > 0
      ? [
          `The tokens of ${count(documents)} answers that came as one document are spread evenly from the sending of the request to the end of the answer.`,
        ]
      : []),
    ...(scatter === undefined ? [] : [toScatterRule(scatter)]),
    `A sampled series with more than ${count(MOST_POINTS)} values is divided into ${count(MOST_POINTS / 2)} stretches, each of which keeps its smallest and its largest value; a rate or share covers the time since the previous reading.`,
    `Timelines show up to ${MOST_TICKS} tokens: both ends of the ${LARGEST_GAPS} largest gaps and evenly chosen ones; for an answer with more than 16,384 tokens, the first and the last.`,
    ...(hasClock
      ? []
      : ["Series sampled during the load are not drawn: the journal does not record when it began."]),
  ];
}

function toScatterRule({ isBinned }: Scatter): string {
  return isBinned
    ? `With more than ${count(MOST_SINGLE)} requests, a cell of a ${CELLS_ACROSS} × ${CELLS_UP} grid of prompt tokens and TTFT that holds more than ${MOST_ALONE} is drawn as one point at their mean; all others, and the smallest and the largest TTFT, are drawn individually.`
    : "In the chart of TTFT against prompt tokens every request is drawn individually.";
}
