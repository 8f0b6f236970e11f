// Token gaps by blocks of time: how many are at or below each percentile, and their overall distribution.
import { type Gaps, visitKnownGaps } from "../../statistics/known-gaps.ts";
import { interpolateQuantile } from "../../statistics/quantile.ts";
import type { Statistics } from "../../statistics/statistics.ts";
import { GapCounts } from "../../summary/series/gap-counts.ts";
import type { SortedCounts } from "../../summary/series/sorted-counts.ts";

export const GAP_SHARES = { median: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 } as const;
export type GapPercentile = keyof typeof GAP_SHARES;
const PERCENTILES = Object.keys(GAP_SHARES) as GapPercentile[];

/** The gaps of a request belong to the block in which it began. */
export class GapBlocks {
  readonly counts = new GapCounts();
  /** Number of gaps per block. */
  readonly all: Float64Array;
  readonly sumsMs: Float64Array;
  readonly below: Record<GapPercentile, Float64Array>;
  readonly #limitsUs: number[];

  /** @param itl of the whole run; undefined if it has no gaps */
  constructor(blocks: number, itl: Statistics | undefined) {
    const column = () => new Float64Array(blocks);
    this.all = column();
    this.sumsMs = column();
    this.below = { median: column(), p90: column(), p95: column(), p99: column() };
    this.#limitsUs = PERCENTILES.map((percentile) => (itl?.[percentile] ?? 0) * 1000);
  }

  add(block: number, line: Gaps): void {
    this.counts.addLine(line);
    visitKnownGaps(line, (gapUs, count) => this.#addGap(block, gapUs, count));
  }

  #addGap(block: number, gapUs: number, count: number): void {
    this.all[block] = (this.all[block] as number) + count;
    this.sumsMs[block] = (this.sumsMs[block] as number) + (gapUs / 1000) * count;
    for (let at = 0; at < PERCENTILES.length; at += 1) {
      if (gapUs > (this.#limitsUs[at] as number)) continue;
      const below = this.below[PERCENTILES[at] as GapPercentile];
      below[block] = (below[block] as number) + count;
    }
  }
}

/** Returns a function from a share to its quantile, by linear interpolation at share · (n − 1). */
export function toQuantiles({ values, counts, total }: SortedCounts): (share: number) => number {
  const sums = new Float64Array(values.length);
  let sum = 0;
  for (let at = 0; at < values.length; at += 1) {
    sum += counts === undefined ? 1 : (counts[at] as number);
    sums[at] = sum;
  }
  const atRank = (rank: number) => {
    let [low, high] = [0, sums.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] as number) > rank) high = middle;
      else low = middle + 1;
    }
    return values[low] as number;
  };
  return (share) => interpolateQuantile(total, share, atRank);
}
