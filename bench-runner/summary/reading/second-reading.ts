// The second reading of a journal: sums that need the ends of the window, of the steady state and of the load.
import { GapHistogram } from "../../statistics/gap-histogram.ts";
import type { Statistics } from "../../statistics/statistics.ts";
import type { SteadyState } from "../judge/steady-state.ts";
import { TimeCounts } from "../series/time-counts.ts";
import type { Grids } from "../series/time-grid.ts";
import type { Throughput, Window } from "../summary.ts";
import { ThroughputSums } from "../throughput.ts";
import type { RequestRows } from "./request-rows.ts";
import { visitRows } from "./row-reader.ts";

export interface SecondReading {
  /** Over the window; absent if there is none. */
  throughput?: Throughput;
  /** Throughput and token gaps of the steady state; absent if there is none. */
  steady?: { throughput: Throughput; itl?: Statistics };
  /** What the charts show for each interval. */
  counts: TimeCounts;
}

/** What the first reading found. */
export interface Stretches extends Grids {
  window: Window | undefined;
  steady: SteadyState | undefined;
}

/**
 * @param rows the rows of the first reading
 * @throws UserError for a journal that cannot be read
 */
export async function readAgain(
  path: string,
  rows: RequestRows,
  { window, steady, ...grids }: Stretches,
): Promise<SecondReading> {
  const sums = window && new ThroughputSums(window);
  const steadySums = steady && new ThroughputSums(steady.window);
  const gaps = new GapHistogram();
  const counts = new TimeCounts(grids);
  await visitRows(path, rows, (request) => {
    const { verdict, isMeasured, startMs, endMs } = request;
    counts.add(request, verdict);
    sums?.add(request, verdict);
    if (steady === undefined) return;
    steadySums?.add(request, verdict);
    const isInside = startMs >= steady.window.startMs && endMs <= steady.window.endMs;
    if (isInside && isMeasured && verdict === "complete") gaps.addLine(request);
  });
  const itl = gaps.toStatistics();
  return {
    ...(sums && { throughput: sums.toThroughput() }),
    ...(steadySums && { steady: { throughput: steadySums.toThroughput(), ...(itl && { itl }) } }),
    counts,
  };
}
