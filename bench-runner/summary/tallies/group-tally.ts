// Requests in groups by a label: counts and token gaps of each group, and the group of each row of the shared columns.

import type { RequestLine } from "../../../lib/core/request/facts.ts";
import type { RequestDetails } from "../../../lib/core/request/request-details.ts";
import { REQUEST_TRENDS, type TrendKey } from "../../../lib/core/request/trends.ts";
import { GapHistogram } from "../../statistics/gap-histogram.ts";
import type { RowSorter, SortedRows } from "../../statistics/row-sorter.ts";
import { toSortedStatistics, withRange } from "../../statistics/statistics.ts";
import { Outcomes } from "../outcomes.ts";
import type { Group } from "../summary.ts";

/** The maximum number of named groups; it bounds memory whatever the labels are. */
export const MOST_NAMED = 50;

/** A group counts gaps up to this by the microsecond: 32 ms take a quarter of a MB, and a hundred groups must fit. */
const COUNTED_US = 1 << 15;

/** The key of the requests beyond the named groups, and of those without the label. */
export const REST = Symbol("rest");
export const NONE = Symbol("none");
export type GroupKey = string | typeof REST | typeof NONE;

/** The metrics of a group; `itl` is added from its own histogram. */
export const GROUP_METRICS: readonly TrendKey[] = REQUEST_TRENDS.filter(({ about }) => about.perGroup).map(
  ({ key }) => key,
);

interface Counted {
  number: number;
  outcomes: Outcomes;
  gaps: GapHistogram;
  metrics: Group["metrics"];
}

export class GroupTally {
  readonly #groups = new Map<GroupKey, Counted>();
  /** The number of the group of each complete request: one byte each, where a copy of its values would take a hundred. */
  #groupOfRow = new Uint8Array(1 << 14);
  #rows = 0;

  /** The keys of the groups found. */
  keys(): GroupKey[] {
    return [...this.#groups.keys()];
  }

  /** Called once for every request of a tally, in the same order: complete ones are rows of its columns. */
  add(key: GroupKey, line: RequestLine, details: RequestDetails): void {
    const { number, outcomes, gaps } = this.#groupOf(key);
    outcomes.count(details);
    if (details.verdict !== "complete") return;
    gaps.addLine(line);
    if (this.#rows === this.#groupOfRow.length) {
      const longer = new Uint8Array(this.#rows * 2);
      longer.set(this.#groupOfRow);
      this.#groupOfRow = longer;
    }
    this.#groupOfRow[this.#rows++] = number;
  }

  #groupOf(key: GroupKey): Counted {
    const known = this.#groups.get(key);
    if (known) return known;
    const named = this.keys().filter((name) => typeof name === "string").length;
    if (typeof key === "string" && named >= MOST_NAMED) return this.#groupOf(REST);
    const group: Counted = {
      number: this.#groups.size,
      outcomes: new Outcomes(),
      gaps: new GapHistogram(COUNTED_US),
      metrics: {},
    };
    this.#groups.set(key, group);
    return group;
  }

  /**
   * Calculates the statistics of each group; called once for each column whose rows are the complete requests.
   * @param sorted all values of the column
   */
  addColumn(key: TrendKey, sorted: SortedRows, sorter: RowSorter): void {
    const parts = sorter.split(sorted, this.#groupOfRow, this.#groups.size);
    for (const { number, metrics } of this.#groups.values()) {
      const statistics = toSortedStatistics(parts[number] as Float64Array);
      if (statistics) metrics[key] = statistics;
    }
  }

  /** Adds the ends to the statistics of a column, from the same column with uncertain values at their other end. */
  addOtherEnds(key: TrendKey, sorted: SortedRows, sorter: RowSorter): void {
    const parts = sorter.split(sorted, this.#groupOfRow, this.#groups.size);
    for (const { number, metrics } of this.#groups.values()) {
      const [own, other] = [metrics[key], toSortedStatistics(parts[number] as Float64Array)];
      if (own && other) metrics[key] = withRange(own, other);
    }
  }

  /** The groups of `names`, in that order, with the statistics of the columns that were added. */
  toGroups(names: ReadonlyMap<GroupKey, string>): Group[] {
    return [...names].flatMap(([key, name]) => {
      const group = this.#groups.get(key);
      if (group === undefined) return [];
      const { outcomes, gaps, metrics: known } = group;
      const metrics: Group["metrics"] = {};
      for (const metric of GROUP_METRICS) if (known[metric]) metrics[metric] = known[metric];
      const itl = gaps.toStatistics();
      if (itl) metrics.itl = itl;
      const { requests, byVerdict } = outcomes;
      return [
        { name, requests, byVerdict, rates: outcomes.toRates(), tokens: outcomes.toTokenSums(), metrics },
      ];
    });
  }
}
