// Counts of the second reading of a journal: what happened in each interval, over the requests of every phase and verdict.

import { VERDICTS, type Verdict } from "../../../lib/core/request/verdict.ts";
import { toDigits } from "../../../lib/core/units.ts";
import type { TokenFacts } from "../throughput.ts";
import { IntervalSum } from "./interval-sum.ts";
import type { TimeSeries } from "./report-data.ts";
import { type Grids, type TimeGrid, toInterval, toMiddles } from "./time-grid.ts";
import { addTokens } from "./token-arrivals.ts";

type Counted = Pick<TimeSeries, "requestsPerSecond" | "outputTokensPerSecond" | "inFlight" | "failures">;

/** Share of an interval's length: over less time, a single request at the end would make a rate of hundreds per second. */
const LEAST_COVERED = 0.5;

export class TimeCounts {
  readonly #grid: TimeGrid;
  readonly #countGrid: TimeGrid;
  readonly #completed: IntervalSum;
  readonly #tokens: IntervalSum;
  readonly #openMs: IntervalSum;
  readonly #failures = new Map<Verdict, number[]>();

  constructor({ grid, countGrid }: Grids) {
    this.#grid = grid;
    this.#countGrid = countGrid;
    this.#completed = new IntervalSum(countGrid);
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
    const grid = this.#grid;
    return {
      requestsPerSecond: {
        stepSeconds: this.#countGrid.stepMs / 1000,
        seconds: toMiddles(this.#countGrid),
        values: toRates(this.#completed, this.#countGrid),
      },
      outputTokensPerSecond: toRates(this.#tokens, grid),
      inFlight: this.#openMs.toSums().map((sumMs, index) => {
        const coveredMs = toCoveredMs(grid, index);
        return coveredMs > 0 ? toDigits(sumMs / coveredMs, 9) : 0;
      }),
      failures: VERDICTS.flatMap((verdict) => {
        const counts = this.#failures.get(verdict);
        return counts === undefined ? [] : [{ verdict, counts }];
      }),
    };
  }
}

/** The load may end within the last interval; nothing happens after it. */
function toCoveredMs({ originMs, stepMs, endMs }: TimeGrid, index: number): number {
  return Math.min(stepMs, endMs - originMs - index * stepMs);
}

/** Per second of the part of each interval that the load covers. */
function toRates(sums: IntervalSum, grid: TimeGrid): (number | null)[] {
  return sums.toSums().map((sum, index) => {
    const coveredMs = toCoveredMs(grid, index);
    return coveredMs < grid.stepMs * LEAST_COVERED ? null : toDigits((sum * 1000) / coveredMs, 9);
  });
}
