// Many lengths → statistics and a histogram, with 8 bytes per length.
import { type Statistics, toStatistics } from "../../../statistics/statistics.ts";

/** Whole numbers from `from` to `to`, both included. */
export interface Bin {
  from: number;
  to: number;
  count: number;
}

export interface LengthSummary {
  statistics: Pick<Statistics, "count" | "min" | "median" | "mean" | "p90" | "p99" | "max">;
  /** Each twice as wide as the one before: 1, 2–3, 4–7, …; from the first to the last that is not empty. */
  histogram: Bin[];
}

export class Lengths {
  #values = new Float64Array(1024);
  #count = 0;
  /** By the number of binary digits: 0, 1, 2–3, 4–7, … */
  readonly #bins: number[] = [];

  /** @param length a whole number of at least 0 */
  add(length: number): void {
    if (this.#count === this.#values.length) {
      const larger = new Float64Array(2 * this.#count);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#count++] = length;
    const bin = length < 1 ? 0 : Math.floor(Math.log2(length)) + 1;
    this.#bins[bin] = (this.#bins[bin] ?? 0) + 1;
  }

  /** Undefined if there are none. */
  summarize(): LengthSummary | undefined {
    const statistics = toStatistics(this.#values.slice(0, this.#count));
    if (statistics === undefined) return undefined;
    const { count, min, median, mean, p90, p99, max } = statistics;
    const histogram: Bin[] = [];
    for (let bin = 0; bin < this.#bins.length; bin++) {
      const inBin = this.#bins[bin] ?? 0;
      if (histogram.length === 0 && inBin === 0) continue;
      const from = bin === 0 ? 0 : 2 ** (bin - 1);
      histogram.push({ from, to: bin === 0 ? 0 : 2 * from - 1, count: inBin });
    }
    return { statistics: { count, min, median, mean, p90, p99, max }, histogram };
  }
}
