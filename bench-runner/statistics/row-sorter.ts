// Values in ascending order, each with its row: sorted once, the values of any subset of the rows are in order, too.
import type { ColumnCopy } from "./value-column.ts";

/** Valid until the sorter that made it sorts again. */
export interface SortedRows {
  /** Ascending. */
  values: Float64Array;
  /** The row of each value; rows of the second column begin after the last possible row of the first. */
  rows: Uint32Array;
}

const BYTES = 8;
const SIGN = 0x80000000;
/** Which of a number's two halves has its sign. */
const HIGH = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 1 : 0;
/** The bytes of a number from its lowest to its highest. */
const FROM_LOWEST = HIGH === 1 ? [0, 1, 2, 3, 4, 5, 6, 7] : [7, 6, 5, 4, 3, 2, 1, 0];

/** Values and rows. Values are moved as two halves of bits: the sort key of a negative one may be a NaN, whose bits a copy can change. */
class Lane {
  readonly values: Float64Array<ArrayBuffer>;
  readonly halves: Uint32Array;
  readonly bytes: Uint8Array;
  readonly rows: Uint32Array;

  constructor(length: number) {
    this.values = new Float64Array(length);
    this.halves = new Uint32Array(this.values.buffer);
    this.bytes = new Uint8Array(this.values.buffer);
    this.rows = new Uint32Array(length);
  }
}

/**
 * Sorts one column after the other in the same memory, 24 bytes per row: new arrays for dozens of columns would wait for
 * the garbage collector.
 *
 * A radix sort by bytes: it moves rows along with their values in the time that sorting the numbers alone would take.
 */
export class RowSorter {
  readonly #rows: number;
  readonly #lanes: [Lane, Lane];
  /** In the lane without the sorted values. */
  #picked: Float64Array;

  /** @param rows the most rows of a first column; @param more those of a second one */
  constructor(rows: number, more = 0) {
    this.#rows = rows;
    this.#lanes = [new Lane(rows + more), new Lane(rows + more)];
    this.#picked = this.#lanes[1].values;
  }

  /** The values of one column, or of two together. */
  sort(column: ColumnCopy, other?: ColumnCopy): SortedRows {
    let [from, to] = this.#lanes;
    let length = column.copyTo(from.values, from.rows, 0, 0);
    if (other !== undefined) length = other.copyTo(from.values, from.rows, length, this.#rows);
    flip(from.halves, length, (high) => (high >= SIGN ? ~0 : SIGN));
    const counts = countBytes(from.bytes, length);
    for (const byte of FROM_LOWEST) {
      const next = counts.subarray(byte * 256, (byte + 1) * 256);
      // All numbers may have the same byte: the low bits of whole numbers are 0.
      if (length === 0 || next[from.bytes[byte] as number] === length) continue;
      toStarts(next);
      move(from, to, length, byte, next);
      [from, to] = [to, from];
    }
    flip(from.halves, length, (high) => (high >= SIGN ? SIGN : ~0));
    this.#picked = to.values;
    return { values: from.values.subarray(0, length), rows: from.rows.subarray(0, length) };
  }

  /** The values of the first column among those of two, in the same memory. */
  keepFirst({ values, rows }: SortedRows): SortedRows {
    let length = 0;
    for (let at = 0; at < rows.length; at += 1) {
      const row = rows[at] as number;
      if (row >= this.#rows) continue;
      values[length] = values[at] as number;
      rows[length] = row;
      length += 1;
    }
    return { values: values.subarray(0, length), rows: rows.subarray(0, length) };
  }

  /** The values of the rows for which `isKept` is 1, ascending; valid until the next ones are picked. */
  pick({ values, rows }: SortedRows, isKept: Uint8Array): Float64Array {
    let length = 0;
    for (let at = 0; at < rows.length; at += 1) {
      if (isKept[rows[at] as number] !== 1) continue;
      this.#picked[length] = values[at] as number;
      length += 1;
    }
    return this.#picked.subarray(0, length);
  }

  /**
   * The same for each of several groups, one after the other.
   * @param groupOf the group of each row
   * @param groups the number of groups
   */
  split({ values, rows }: SortedRows, groupOf: Uint8Array, groups: number): Float64Array[] {
    const next = new Uint32Array(groups);
    for (let at = 0; at < rows.length; at += 1) bump(next, groupOf[rows[at] as number] as number);
    const counts = next.slice();
    toStarts(next);
    for (let at = 0; at < rows.length; at += 1) {
      this.#picked[bump(next, groupOf[rows[at] as number] as number)] = values[at] as number;
    }
    return Array.from(counts, (count, group) => {
      const end = next[group] as number;
      return this.#picked.subarray(end - count, end);
    });
  }
}

/** Makes the bits as unsigned integers sort like the numbers: inverts the sign of a positive number, all bits of a negative one. */
function flip(halves: Uint32Array, length: number, maskOf: (high: number) => number): void {
  for (let at = 0; at < 2 * length; at += 2) {
    const mask = maskOf(halves[at + HIGH] as number);
    halves[at + HIGH] = (halves[at + HIGH] as number) ^ mask;
    if (mask === ~0) halves[at + 1 - HIGH] = ~(halves[at + 1 - HIGH] as number);
  }
}

/** How often each value of each byte occurs. */
function countBytes(bytes: Uint8Array, length: number): Uint32Array {
  const counts = new Uint32Array(BYTES * 256);
  for (let at = 0; at < BYTES * length; at += BYTES) {
    for (let byte = 0; byte < BYTES; byte += 1) bump(counts, byte * 256 + (bytes[at + byte] as number));
  }
  return counts;
}

/** Turns counts into start positions. */
function toStarts(counts: Uint32Array): void {
  let start = 0;
  for (let at = 0; at < counts.length; at += 1) {
    const count = counts[at] as number;
    counts[at] = start;
    start += count;
  }
}

function move(from: Lane, to: Lane, length: number, byte: number, next: Uint32Array): void {
  const [{ halves, bytes, rows }, { halves: toHalves, rows: toRows }] = [from, to];
  for (let at = 0; at < length; at += 1) {
    const target = bump(next, bytes[BYTES * at + byte] as number);
    toHalves[2 * target] = halves[2 * at] as number;
    toHalves[2 * target + 1] = halves[2 * at + 1] as number;
    toRows[target] = rows[at] as number;
  }
}

/** Adds 1; returns the value before. */
function bump(counts: Uint32Array, index: number): number {
  const before = counts[index] as number;
  counts[index] = before + 1;
  return before;
}
