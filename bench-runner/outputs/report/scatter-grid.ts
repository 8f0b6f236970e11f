// Prompt tokens against TTFT as few points: single requests, or the cells of a grid with every outlier as its own point.
import { toDigits } from "../../../lib/core/units.ts";
import type { ValueColumn } from "../../statistics/value-column.ts";
import type { Scatter } from "../../summary/series/report-data.ts";

export const MOST_SINGLE = 5000;
export const CELLS_ACROSS = 50;
export const CELLS_UP = 100;
/** A cell with at most this many requests is not crowded: its requests are drawn individually. */
export const MOST_ALONE = 2;
/** Axes that span more than this many times their smallest value are divided logarithmically, so that a crowd stays in one cell. */
const LOG_RATIO = 10;

/** Which of `count` cells of the axis from `min` to `max` a value falls in. */
type Axis = (value: number) => number;

/**
 * A cell's point is the mean of its requests, which lies among them; the largest and the smallest TTFT are single points
 * with their exact values, whatever surrounds them.
 * @returns undefined if no row has both values
 */
export function toScatter(prompts: ValueColumn, ttfts: ValueColumn): Scatter | undefined {
  const pairs = toPairs(prompts, ttfts);
  const { length } = pairs.ttft;
  if (length === 0) return undefined;
  const single = (row: number): [number, number, number] => [
    pairs.prompt[row] as number,
    toDigits(pairs.ttft[row] as number, 9),
    1,
  ];
  if (length <= MOST_SINGLE) return { points: Array.from({ length }, (_, row) => single(row)) };

  const cellOf = toCellOf(pairs);
  const { lowest, highest } = findExtremes(pairs.ttft);
  const isExtreme = (row: number) => row === lowest || row === highest;
  const { counts, crowds: points } = toCells(pairs, cellOf, isExtreme);
  for (let row = 0; row < length; row += 1) {
    if (isExtreme(row) || (counts[cellOf(row)] as number) <= MOST_ALONE) points.push(single(row));
  }
  return { isBinned: true, points };
}

function toCellOf({ prompt, ttft }: Pairs): (row: number) => number {
  const [across, up] = [toAxis(prompt, CELLS_ACROSS), toAxis(ttft, CELLS_UP)];
  return (row) => across(prompt[row] as number) * CELLS_UP + up(ttft[row] as number);
}

/** The number of requests of each cell, and the mean of each crowded one. */
function toCells(pairs: Pairs, cellOf: (row: number) => number, isExtreme: (row: number) => boolean) {
  const counts = new Uint32Array(CELLS_ACROSS * CELLS_UP);
  const promptSums = new Float64Array(counts.length);
  const ttftSums = new Float64Array(counts.length);
  for (let row = 0; row < pairs.ttft.length; row += 1) {
    if (isExtreme(row)) continue;
    const cell = cellOf(row);
    counts[cell] = (counts[cell] as number) + 1;
    promptSums[cell] = (promptSums[cell] as number) + (pairs.prompt[row] as number);
    ttftSums[cell] = (ttftSums[cell] as number) + (pairs.ttft[row] as number);
  }
  const crowds: Scatter["points"] = [];
  for (const [cell, count] of counts.entries()) {
    if (count <= MOST_ALONE) continue;
    const [prompt, ttft] = [(promptSums[cell] as number) / count, (ttftSums[cell] as number) / count];
    crowds.push([toDigits(prompt, 6), toDigits(ttft, 6), count]);
  }
  return { counts, crowds };
}

interface Pairs {
  prompt: Float64Array;
  ttft: Float64Array;
}

function toPairs(prompts: ValueColumn, ttfts: ValueColumn): Pairs {
  let length = 0;
  const rows = Math.min(prompts.rows, ttfts.rows);
  const [prompt, ttft] = [new Float64Array(rows), new Float64Array(rows)];
  for (let row = 0; row < rows; row += 1) {
    const [x, y] = [prompts.get(row), ttfts.get(row)];
    if (x === undefined || y === undefined) continue;
    prompt[length] = x;
    ttft[length] = y;
    length += 1;
  }
  return { prompt: prompt.subarray(0, length), ttft: ttft.subarray(0, length) };
}

function toAxis(values: Float64Array, count: number): Axis {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  const toPosition = min > 0 && max > LOG_RATIO * min ? Math.log : (value: number) => value;
  const [from, span] = [toPosition(min), toPosition(max) - toPosition(min)];
  if (span <= 0) return () => 0;
  return (value) => Math.min(count - 1, Math.max(0, Math.floor(((toPosition(value) - from) / span) * count)));
}

/** The rows of the smallest and of the largest value. */
function findExtremes(values: Float64Array): { lowest: number; highest: number } {
  let [lowest, highest] = [0, 0];
  for (let row = 1; row < values.length; row += 1) {
    if ((values[row] as number) < (values[lowest] as number)) lowest = row;
    if ((values[row] as number) > (values[highest] as number)) highest = row;
  }
  return { lowest, highest };
}
