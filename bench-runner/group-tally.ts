// Requests in groups by a label: counts and token gaps of each, and whose each row of the shared columns is.
import type { TrendKey } from "../lib/core/detail-table.ts";
import type { RequestLine } from "../lib/core/facts.ts";
import type { RequestDetails } from "../lib/core/request-details.ts";
import { GapHistogram } from "./gap-histogram.ts";
import { Outcomes } from "./outcomes.ts";
import { toStatistics } from "./statistics.ts";
import type { Group } from "./summary.ts";
import type { ValueColumn } from "./value-column.ts";

/** Groups with a name of their own; whatever the labels are, memory stays bounded. */
export const MOST_NAMED = 50;

/** Gaps that a group counts by the microsecond: 32 ms, a quarter of a MB; a hundred groups are to fit. */
const COUNTED_US = 1 << 15;

/** The key of the requests beyond the named groups, and of those without the label. */
export const REST = Symbol("rest");
export const NONE = Symbol("none");
export type GroupKey = string | typeof REST | typeof NONE;

/** What a group has statistics of; `itl` is added from its own histogram. */
export const GROUP_METRICS = [
  "ttft",
  "ttfo",
  "scheduledTtft",
  "tpot",
  "e2e",
  "tokensPerSecond",
  "generationTokensPerSecond",
  "inputTokens",
  "promptTokens",
  "cachedTokens",
  "completionTokens",
] as const satisfies readonly TrendKey[];

interface Counted {
  number: number;
  outcomes: Outcomes;
  gaps: GapHistogram;
}

export class GroupTally {
  readonly #groups = new Map<GroupKey, Counted>();
  /** Of each complete request the number of its group: one byte, where a copy of its values would be a hundred. */
  #groupOfRow = new Uint8Array(1 << 14);
  #rows = 0;

  /** The groups there are. */
  keys(): GroupKey[] {
    return [...this.#groups.keys()];
  }

  /** Once for every request of a tally, in the same order: complete ones are rows of its columns. */
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
    const group = { number: this.#groups.size, outcomes: new Outcomes(), gaps: new GapHistogram(COUNTED_US) };
    this.#groups.set(key, group);
    return group;
  }

  /**
   * The groups of `names`, in that order.
   * @param trends the columns that the complete requests are the rows of
   */
  toGroups(names: ReadonlyMap<GroupKey, string>, trends: ReadonlyMap<TrendKey, ValueColumn>): Group[] {
    const { rows, ends } = this.#sortRows();
    const scratch = new Float64Array(rows.length);
    return [...names].flatMap(([key, name]) => {
      const group = this.#groups.get(key);
      if (group === undefined) return [];
      const { number, outcomes, gaps } = group;
      const own = rows.subarray(ends[number - 1] ?? 0, ends[number]);
      const metrics: Group["metrics"] = {};
      for (const metric of GROUP_METRICS) {
        const column = trends.get(metric);
        const statistics = column && toStatistics(column.takeRows(own, scratch));
        if (statistics) metrics[metric] = statistics;
      }
      const itl = gaps.toStatistics();
      if (itl) metrics.itl = itl;
      const { requests, byVerdict } = outcomes;
      return [
        { name, requests, byVerdict, rates: outcomes.toRates(), tokens: outcomes.toTokenSums(), metrics },
      ];
    });
  }

  /** The rows by group, each group's in their order, and where each group's end: one pass, however many groups there are. */
  #sortRows(): { rows: Uint32Array; ends: Uint32Array } {
    const ends = new Uint32Array(this.#groups.size);
    for (let row = 0; row < this.#rows; row += 1) bump(ends, this.#groupOfRow[row] as number);
    for (let group = 1; group < ends.length; group += 1) {
      ends[group] = (ends[group] as number) + (ends[group - 1] as number);
    }
    const next = ends.map((_, group) => ends[group - 1] ?? 0);
    const rows = new Uint32Array(this.#rows);
    for (let row = 0; row < this.#rows; row += 1) rows[bump(next, this.#groupOfRow[row] as number)] = row;
    return { rows, ends };
  }
}

/** Adds 1; returns what was there before. */
function bump(counts: Uint32Array, index: number): number {
  const before = counts[index] as number;
  counts[index] = before + 1;
  return before;
}
