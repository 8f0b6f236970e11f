// Sums amounts over each interval of a time grid; an amount falls on a moment or is spread over a stretch.
import { type TimeGrid, toInterval } from "./time-grid.ts";

/** A sum below this is a rounding residue of additions and subtractions. */
const NOISE = 1e-9;

/** Adding a stretch takes constant time, however many intervals it covers. */
export class IntervalSum {
  readonly #grid: TimeGrid;
  readonly #sums: Float64Array;
  /** Difference from the previous interval of what is added to every fully covered interval. */
  readonly #changes: Float64Array;

  constructor(grid: TimeGrid) {
    this.#grid = grid;
    this.#sums = new Float64Array(grid.count);
    this.#changes = new Float64Array(grid.count + 1);
  }

  add(atMs: number, amount: number): void {
    this.#addTo(this.#sums, toInterval(this.#grid, atMs), amount);
  }

  /** Spreads the amount evenly from `fromMs` to `toMs`; adds it at once if the stretch is empty. */
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
