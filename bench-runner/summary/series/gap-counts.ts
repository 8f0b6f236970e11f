// How often each token gap occurred, for the ITL distribution of any number of tokens in constant memory.
import { type Gaps, visitKnownGaps } from "../../statistics/known-gaps.ts";
import type { SortedCounts } from "./sorted-counts.ts";

/** Gaps below this (131 ms, nearly all gaps) are counted by the microsecond. */
const EXACT_OCTAVE = 17;
const EXACT_US = 2 ** EXACT_OCTAVE;
/** Above, each doubling is divided into this many buckets, whose middle is at most 0.025 % off. */
const BUCKETS = 2048;

/** Takes whole microseconds; keeps the smallest and the largest gap exactly. */
export class GapCounts {
  readonly #exact = new Float64Array(EXACT_US);
  readonly #coarse = new Map<number, number>();
  #max = 0;
  total = 0;

  readonly #visit = (gapUs: number, count: number) => this.add(gapUs, count);

  addLine(line: Gaps): void {
    visitKnownGaps(line, this.#visit);
  }

  add(gapUs: number, count: number): void {
    if (!(count > 0)) return;
    this.total += count;
    if (gapUs > this.#max) this.#max = gapUs;
    if (gapUs < EXACT_US) {
      this.#exact[gapUs] = (this.#exact[gapUs] as number) + count;
      return;
    }
    const octave = Math.floor(Math.log2(gapUs));
    const bucket = (octave - EXACT_OCTAVE) * BUCKETS + Math.floor((gapUs / 2 ** octave - 1) * BUCKETS);
    this.#coarse.set(bucket, (this.#coarse.get(bucket) ?? 0) + count);
  }

  /** In milliseconds. */
  toSorted(): SortedCounts {
    const [values, counts]: [number[], number[]] = [[], []];
    for (let gapUs = 0; gapUs < EXACT_US; gapUs += 1) {
      const count = this.#exact[gapUs] as number;
      if (count === 0) continue;
      values.push(gapUs / 1000);
      counts.push(count);
    }
    for (const [bucket, count] of [...this.#coarse].sort(([a], [b]) => a - b)) {
      const octave = EXACT_OCTAVE + Math.floor(bucket / BUCKETS);
      const middleUs = 2 ** octave * (1 + ((bucket % BUCKETS) + 0.5) / BUCKETS);
      values.push(Math.min(middleUs, this.#max) / 1000);
      counts.push(count);
    }
    if (values.length > 0) values[values.length - 1] = this.#max / 1000;
    return { values: Float64Array.from(values), counts: Float64Array.from(counts), total: this.total };
  }
}
