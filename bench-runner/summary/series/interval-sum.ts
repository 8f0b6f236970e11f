// A sum for each interval of a time grid, of amounts that fall on a moment or are spread over a stretch.
import { type TimeGrid, toInterval } from "./time-grid.ts";

/** Below this a sum is what adding and taking away again left behind. */
const NOISE = 1e-9;

/** A stretch costs the same however many intervals it covers. */
export class IntervalSum {
  readonly #grid: TimeGrid;
  readonly #sums: Float64Array;
  /** Change, from the interval before, of what is added to every interval that a stretch covers whole. */
  readonly #changes: Float64Array;

  constructor(grid: TimeGrid) {
    this.#grid = grid;
    this.#sums = new Float64Array(grid.count);
    this.#changes = new Float64Array(grid.count + 1);
  }

  add(atMs: number, amount: number): void {
    this.#addTo(this.#sums, toInterval(this.#grid, atMs), amount);
  }

  /** Evenly over the time from `fromMs` to `toMs`; all of it at once where that is no time. */
  spread(fromMs: number, toMs: number, amount: number): void {
    const { originMs, stepMs } = this.#grid;
    const [first, last] = [toInterval(this.#grid, fromMs), toInterval(this.#grid, toMs)];
    if (first >= last) {
      this.#addTo(this.#sums, last, amount);
      return;
    }
    const density = amount / (toMs - fromMs);
    this.#addTo(this.#sums, first, density * (originMs + (first + 1) * stepMs - fromMs));
    this.#addTo(this.#sums, last, density * (toMs - originMs - last * stepMs));
    this.#addTo(this.#changes, first + 1, density * stepMs);
    this.#addTo(this.#changes, last, -density * stepMs);
  }

  #addTo(array: Float64Array, index: number, amount: number): void {
    array[index] = (array[index] as number) + amount;
  }

  toSums(): number[] {
    let covered = 0;
    return Array.from(this.#sums, (sum, index) => {
      covered += this.#changes[index] as number;
      const all = sum + covered;
      return Math.abs(all) < NOISE ? 0 : all;
    });
  }
}
