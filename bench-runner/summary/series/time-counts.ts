// Counts of the second reading of a journal: what happened in each interval, over the requests of every phase and verdict.

import { VERDICTS, type Verdict } from "../../../lib/core/request/verdict.ts";
import { toDigits } from "../../../lib/core/units.ts";
import type { TokenFacts } from "../throughput.ts";
import { IntervalSum } from "./interval-sum.ts";
import type { TimeSeries } from "./report-data.ts";
import { type TimeGrid, toInterval } from "./time-grid.ts";
import { addTokens } from "./token-arrivals.ts";

type Counted = Pick<TimeSeries, "requestsPerSecond" | "outputTokensPerSecond" | "inFlight" | "failures">;

/** Share of an interval's length: over less time, a single request at the end would make a rate of hundreds per second. */
const LEAST_COVERED = 0.5;

export class TimeCounts {
  readonly #grid: TimeGrid;
  readonly #completed: IntervalSum;
  readonly #tokens: IntervalSum;
  readonly #openMs: IntervalSum;
  readonly #failures = new Map<Verdict, number[]>();

  constructor(grid: TimeGrid) {
    this.#grid = grid;
    this.#completed = new IntervalSum(grid);
    this.#tokens = new IntervalSum(grid);
    this.#openMs = new IntervalSum(grid);
  }

  add(line: TokenFacts, verdict: Verdict): void {
    this.#openMs.spread(line.startMs, line.endMs, line.endMs - line.startMs);
    addTokens(this.#tokens, this.#grid, line);
    if (verdict === "complete") this.#completed.add(line.endMs, 1);
    else this.#addFailure(verdict, line.endMs);
  }

  #addFailure(verdict: Verdict, endMs: number): void {
    let counts = this.#failures.get(verdict);
    if (counts === undefined) {
      counts = Array.from({ length: this.#grid.count }, () => 0);
      this.#failures.set(verdict, counts);
    }
    const interval = toInterval(this.#grid, endMs);
    counts[interval] = (counts[interval] as number) + 1;
  }

  toCounted(): Counted {
    const { originMs, stepMs, endMs } = this.#grid;
    // The load may end within the last interval; nothing happens after it.
    const toCoveredMs = (index: number) => Math.min(stepMs, endMs - originMs - index * stepMs);
    const perSecond = (sums: IntervalSum) =>
      sums.toSums().map((sum, index) => {
        const coveredMs = toCoveredMs(index);
        return coveredMs < stepMs * LEAST_COVERED ? null : toDigits((sum * 1000) / coveredMs, 9);
      });
    return {
      requestsPerSecond: perSecond(this.#completed),
      outputTokensPerSecond: perSecond(this.#tokens),
      inFlight: this.#openMs.toSums().map((sumMs, index) => {
        const coveredMs = toCoveredMs(index);
        return coveredMs > 0 ? toDigits(sumMs / coveredMs, 9) : 0;
      }),
      failures: VERDICTS.flatMap((verdict) => {
        const counts = this.#failures.get(verdict);
        return counts === undefined ? [] : [{ verdict, counts }];
      }),
    };
  }
}
