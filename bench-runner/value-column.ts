// A growing column of numbers in blocks: a million values cost 8 MB and are never copied while they grow.

const BLOCK = 1 << 14;

export class ValueColumn {
  readonly #blocks: Float64Array[] = [];
  length = 0;

  push(value: number): void {
    const at = this.length % BLOCK;
    if (at === 0) this.#blocks.push(new Float64Array(BLOCK));
    (this.#blocks[this.#blocks.length - 1] as Float64Array)[at] = value;
    this.length += 1;
  }

  /** All values as one new array, with those of `others` behind them. */
  toArray(...others: ValueColumn[]): Float64Array {
    const columns = [this, ...others];
    const all = new Float64Array(columns.reduce((length, column) => length + column.length, 0));
    let offset = 0;
    for (const column of columns) {
      for (const [index, block] of column.#blocks.entries()) {
        const used = block.subarray(0, Math.min(BLOCK, column.length - index * BLOCK));
        all.set(used, offset);
        offset += used.length;
      }
    }
    return all;
  }
}
