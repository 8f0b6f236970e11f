// Statistics of every trend for each set of requests in a summary: every column is sorted once.
import { REQUEST_TRENDS } from "../../lib/core/request/trends.ts";
import { RowSorter } from "../statistics/row-sorter.ts";
import { type Statistics, toSortedStatistics, withRange } from "../statistics/statistics.ts";
import type { SteadyState } from "./judge/steady-state.ts";
import type { JournalTally } from "./tallies/journal-tally.ts";

/** By trend; a trend without values is absent. */
export interface TrendStatistics {
  measured: Map<string, Statistics>;
  /** Requests of the other phases included. */
  wholeRun: Map<string, Statistics>;
  /** Empty without a steady state. */
  steady: Map<string, Statistics>;
}

/** Also passes the columns to the groups. */
export function toTrendStatistics(
  { measured, others, groups }: JournalTally,
  steady: SteadyState | undefined,
): TrendStatistics {
  const found: TrendStatistics = { measured: new Map(), wholeRun: new Map(), steady: new Map() };
  const rows = measured.startMs.length;
  const sorter = new RowSorter(rows, others.startMs.length);
  for (const {
    key,
    about: { certified: isCertified = false },
  } of REQUEST_TRENDS) {
    const add = (to: Map<string, Statistics>, sorted: Float64Array, withCertified: boolean) => {
      const statistics = toSortedStatistics(sorted, withCertified);
      if (statistics) to.set(key, statistics);
    };
    const both = sorter.sort(measured.column(key), others.column(key));
    if (others.requests > 0) add(found.wholeRun, both.values, false);
    const sorted = sorter.keepFirst(both);
    add(found.measured, sorted.values, isCertified);
    if (steady) add(found.steady, sorter.pick(sorted, steady.isInside), isCertified);
    groups.addColumn(key, sorted, sorter);
    const otherEnds = measured.otherEnds.get(key);
    if (otherEnds === undefined) continue;
    const ends = sorter.sort(measured.column(key).replacedBy(otherEnds));
    const addEnds = (to: Map<string, Statistics>, values: Float64Array) => {
      const [own, other] = [to.get(key), toSortedStatistics(values, isCertified)];
      if (own && other) to.set(key, withRange(own, other));
    };
    addEnds(found.measured, ends.values);
    if (steady) addEnds(found.steady, sorter.pick(ends, steady.isInside));
    groups.addOtherEnds(key, ends, sorter);
  }
  return others.requests > 0 ? found : { ...found, wholeRun: found.measured };
}
