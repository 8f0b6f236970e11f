// A growing column of numbers in blocks: a million values cost 8 MB and are never copied while they grow.

const BLOCK = 1 << 14;

/** What a column is copied from. */
export type ColumnCopy = Pick<ValueColumn, "copyTo">;

/** Rows that may lack a value. */
export class ValueColumn {
  /** A block without values is undefined; in the others NaN marks a row without a value. */
  readonly #blocks: (Float64Array | undefined)[] = [];
  /** The number of rows up to the last one with a value. */
  rows = 0;
  /** The number of values. */
  length = 0;

  /** Adds a row with a value. */
  push(value: number): void {
    this.put(this.rows, value);
  }

  /** Sets the value of a row that has none; skipped rows have none. */
  put(row: number, value: number): void {
    const index = Math.floor(row / BLOCK);
    let block = this.#blocks[index];
    if (block === undefined) {
      block = new Float64Array(BLOCK).fill(Number.NaN);
      this.#blocks[index] = block;
    }
    block[row % BLOCK] = value;
    this.rows = Math.max(this.rows, row + 1);
    this.length += 1;
  }

  get(row: number): number | undefined {
    const value = this.#blocks[Math.floor(row / BLOCK)]?.[row % BLOCK];
    return value === undefined || Number.isNaN(value) ? undefined : value;
  }

  /**
   * The values as one array.
   * @param scratch the array for them, at least `length` long: one for many columns
   */
  toArray(scratch: Float64Array = new Float64Array(this.length)): Float64Array {
    return scratch.subarray(0, this.copyTo(scratch, undefined, 0, 0));
  }

  /**
   * Copies the values, and to the same places of `rows` the row of each.
   * @param from the first place
   * @param firstRow the number of row 0 in `rows`
   * @param instead rows with a value in this column have that value instead
   * @returns the first place after them
   */
  copyTo(
    values: Float64Array,
    rows: Uint32Array | undefined,
    from: number,
    firstRow: number,
    instead?: ValueColumn,
  ): number {
    let place = from;
    for (const [index, block] of this.#blocks.entries()) {
      if (block === undefined) continue;
      const others = instead === undefined ? undefined : instead.#blocks[index];
      for (let at = 0; at < BLOCK; at += 1) {
        const own = block[at] as number;
        if (Number.isNaN(own)) continue;
        const other = others?.[at];
        const value = other === undefined || Number.isNaN(other) ? own : other;
        values[place] = value;
        if (rows !== undefined) rows[place] = firstRow + index * BLOCK + at;
        place += 1;
      }
    }
    return place;
  }

  /** The same rows, with the values of another column where it has one. */
  replacedBy(instead: ValueColumn): ColumnCopy {
    return {
      copyTo: (values, rows, from, firstRow) => this.copyTo(values, rows, from, firstRow, instead),
    };
  }
}
