// Values in ascending order, each with its row: sorted once, any part of the rows has its own values in order, too.
import type { ValueColumn } from "./value-column.ts";

/** Valid until the sorter that made it sorts again. */
export interface SortedRows {
  /** Ascending. */
  values: Float64Array;
  /** The row of each value; of the second column, how many rows the first one may have is added. */
  rows: Uint32Array;
}

const BYTES = 8;
const SIGN = 0x80000000;
/** Which of a number's two halves has its sign. */
const HIGH = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 1 : 0;
/** The bytes of a number from its lowest to its highest. */
const FROM_LOWEST = HIGH === 1 ? [0, 1, 2, 3, 4, 5, 6, 7] : [7, 6, 5, 4, 3, 2, 1, 0];

/** Values and rows; a value's bits as two halves, as what stands for a negative one may be no number that can be copied. */
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
 * Sorts one column after the other in the same memory, 24 bytes a row: a new array for each of dozens of columns would wait
 * for the garbage collector.
 *
 * By radix, byte after byte, which keeps the rows beside the values for the price of what sorting numbers alone takes.
 */
export class RowSorter {
  readonly #rows: number;
  readonly #lanes: [Lane, Lane];
  /** Of the lane that the sorted values are not in. */
  #picked: Float64Array;

  /** @param rows of a first column, at most; @param more of a second one */
  constructor(rows: number, more = 0) {
    this.#rows = rows;
    this.#lanes = [new Lane(rows + more), new Lane(rows + more)];
    this.#picked = this.#lanes[1].values;
  }

  /** The values of one column, or of two together. */
  sort(column: ValueColumn, other?: ValueColumn): SortedRows {
    let [from, to] = this.#lanes;
    let length = column.copyTo(from.values, from.rows, 0, 0);
    if (other !== undefined) length = other.copyTo(from.values, from.rows, length, this.#rows);
    flip(from.halves, length, (high) => (high >= SIGN ? ~0 : SIGN));
    const counts = countBytes(from.bytes, length);
    for (const byte of FROM_LOWEST) {
      const next = counts.subarray(byte * 256, (byte + 1) * 256);
      // All numbers may be alike in a byte: whole ones have no low bits.
      if (length === 0 || next[from.bytes[byte] as number] === length) continue;
      toStarts(next);
      move(from, to, length, byte, next);
      [from, to] = [to, from];
    }
    flip(from.halves, length, (high) => (high >= SIGN ? SIGN : ~0));
    this.#picked = to.values;
    return { values: from.values.subarray(0, length), rows: from.rows.subarray(0, length) };
  }

  /** Those of the first column among the values of two, in the place of all. */
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
   * The same for each of several groups, one behind the other.
   * @param groupOf of each row its group's number
   * @param groups how many there are
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

/** So that unsigned whole numbers are in the order of the numbers: a positive one's sign turned over, a negative one whole. */
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

/** From how many there are of each to where each begins. */
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

/** Adds 1; returns what was there before. */
function bump(counts: Uint32Array, index: number): number {
  const before = counts[index] as number;
  counts[index] = before + 1;
  return before;
}
