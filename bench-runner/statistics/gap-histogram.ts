// The token gaps of a whole run in a histogram over whole microseconds: memory does not grow with the number of tokens.
import { build } from "hdr-histogram-js";
import { type Gaps, visitKnownGaps } from "./known-gaps.ts";
import { interpolateQuantile } from "./quantile.ts";
import type { Statistics } from "./statistics.ts";

/** By default, gaps below this are counted by the microsecond: 131 ms, which covers nearly all, in one MB. */
const COUNTED_US = 1 << 17;

/** Quantiles are at most 0.1 % off (3 significant digits); count, min, mean, max and standard deviation are exact. */
export class GapHistogram {
  readonly #histogram = build({ bitBucketSize: 64, numberOfSignificantValueDigits: 3, autoResize: true });
  readonly #counted: Float64Array;
  /** One for all lines, which the engine compiles once. */
  readonly #visit = (gapUs: number, count: number) => this.add(gapUs, count);
  count = 0;
  #recorded = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = 0;
  #meanUs = 0;
  #squares = 0;

  /** @param countedUs gaps below this are counted by the microsecond and are added to the histogram together, which is faster */
  constructor(countedUs: number = COUNTED_US) {
    this.#counted = new Float64Array(countedUs);
  }

  /** Adds the gaps of one request, except those that are not known. */
  addLine(line: Gaps): void {
    visitKnownGaps(line, this.#visit);
  }

  add(gapUs: number, count: number): void {
    if (count <= 0) return;
    this.count += count;
    if (gapUs < this.#counted.length) this.#counted[gapUs] = (this.#counted[gapUs] as number) + count;
    else this.#record(gapUs, count);
  }

  #recordCounted(): void {
    for (const [gapUs, count] of this.#counted.entries()) if (count > 0) this.#record(gapUs, count);
    this.#counted.fill(0);
  }

  #record(gapUs: number, count: number): void {
    this.#histogram.recordValueWithCount(gapUs, count);
    this.#recorded += count;
    this.#min = Math.min(this.#min, gapUs);
    this.#max = Math.max(this.#max, gapUs);
    // Welford's update: sums of squares would lose digits on long runs.
    const difference = gapUs - this.#meanUs;
    this.#meanUs += (difference * count) / this.#recorded;
    this.#squares += difference * (gapUs - this.#meanUs) * count;
  }

  /** In milliseconds; undefined without gaps. */
  toStatistics(): Statistics | undefined {
    if (this.count === 0) return undefined;
    this.#recordCounted();
    return {
      count: this.count,
      min: this.#min / 1000,
      mean: this.#meanUs / 1000,
      max: this.#max / 1000,
      ...(this.count > 1 && { standardDeviation: Math.sqrt(this.#squares / (this.count - 1)) / 1000 }),
      median: this.#quantileMs(0.5),
      p90: this.#quantileMs(0.9),
      p95: this.#quantileMs(0.95),
      p99: this.#quantileMs(0.99),
    };
  }

  #quantileMs(share: number): number {
    return interpolateQuantile(this.count, share, (rank) => this.#orderStatisticUs(rank)) / 1000;
  }

  /** The value at `rank`, counted from 0: the middle of its bucket, within the range of the values. */
  #orderStatisticUs(rank: number): number {
    const top = this.#histogram.getValueAtPercentile((100 * (rank + 0.5)) / this.count);
    // With 3 significant digits a power of two is divided into 1024 buckets; below 2048 each value has its own.
    const width = 2 ** Math.max(0, Math.floor(Math.log2(top)) - 10);
    return Math.min(this.#max, Math.max(this.#min, top - (width - 1) / 2));
  }
}
