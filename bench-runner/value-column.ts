// A growing column of numbers in blocks: a million values cost 8 MB and are never copied while they grow.

const BLOCK = 1 << 14;

/** Rows that may lack a value. */
export class ValueColumn {
  /** A block in which no row has a value is not there; in the others NaN stands for none. */
  readonly #blocks: (Float64Array | undefined)[] = [];
  #rows = 0;
  /** Number of values. */
  length = 0;

  /** Adds a row with a value. */
  push(value: number): void {
    this.put(this.#rows, value);
  }

  /** Sets the value of a row that has none; the rows that are skipped stay without. */
  put(row: number, value: number): void {
    const index = Math.floor(row / BLOCK);
    let block = this.#blocks[index];
    if (block === undefined) {
      block = new Float64Array(BLOCK).fill(Number.NaN);
      this.#blocks[index] = block;
    }
    block[row % BLOCK] = value;
    this.#rows = Math.max(this.#rows, row + 1);
    this.length += 1;
  }

  get(row: number): number | undefined {
    const value = this.#blocks[Math.floor(row / BLOCK)]?.[row % BLOCK];
    return value === undefined || Number.isNaN(value) ? undefined : value;
  }

  /**
   * The values of these rows, as far as they have one.
   * @param scratch where to put them, as long as `rows` at least
   */
  takeRows(rows: Uint32Array, scratch: Float64Array): Float64Array {
    let length = 0;
    for (let at = 0; at < rows.length; at += 1) {
      const row = rows[at] as number;
      const block = this.#blocks[Math.floor(row / BLOCK)];
      if (block === undefined) continue;
      const value = block[row % BLOCK] as number;
      if (Number.isNaN(value)) continue;
      scratch[length] = value;
      length += 1;
    }
    return scratch.subarray(0, length);
  }

  /**
   * The values of all rows as one array, with those of `other` behind them.
   * @param isKept which rows, by number; all without it
   * @param scratch where to put them, if it is long enough: one array for many columns
   */
  toArray(other?: ValueColumn, isKept?: Uint8Array, scratch?: Float64Array): Float64Array {
    const most = this.length + (other?.length ?? 0);
    const all = scratch !== undefined && scratch.length >= most ? scratch : new Float64Array(most);
    let length = this.#copyTo(all, 0, isKept);
    if (other) length = other.#copyTo(all, length);
    return all.subarray(0, length);
  }

  #copyTo(target: Float64Array, offset: number, isKept?: Uint8Array): number {
    let length = offset;
    for (const [index, block] of this.#blocks.entries()) {
      if (block === undefined) continue;
      for (let at = 0; at < BLOCK; at += 1) {
        const value = block[at] as number;
        if (!Number.isNaN(value) && (isKept === undefined || isKept[index * BLOCK + at] === 1)) {
          target[length] = value;
          length += 1;
        }
      }
    }
    return length;
  }
}
