// Histograms that hold every value, with round edges: even bins if values are similar, logarithmic ones if they span
// orders of magnitude. A bin reaches from its lower edge up to but not including its upper one; the last includes both.
import { toDigits } from "../../../lib/core/units.ts";
import type { Distribution } from "../../summary/series/report-data.ts";
import { forEachCount, type SortedCounts } from "../../summary/series/sorted-counts.ts";

const MOST_EVEN = 60;
const MOST_LOG = 80;
/** Bins are logarithmic if the largest value exceeds this many times the smallest: even bins would hold nearly all in one. */
export const LOG_RATIO = 20;
/** Two values that differ by less than this share of the larger one count as equal. */
const LEAST_APART = 1e-6;
const PER_DECADE = [50, 20, 10, 5, 2, 1];

export interface BinEdges {
  isLog: boolean;
  /** Ascending, at least two; the first is at or below every value, the last at or above. */
  edges: number[];
}

/** Adjoining bins, including empty ones; none without values. */
export function toBins(sorted: SortedCounts): { bins: Distribution["bins"]; isLog: boolean } {
  const { edges, isLog } = findEdges(sorted);
  const bins = edges
    .slice(1)
    .map((to, index): Distribution["bins"][number] => [edges[index] as number, to, 0]);
  let at = 0;
  forEachCount(sorted, (value, count) => {
    while (at < bins.length - 1 && value >= (edges[at + 1] as number)) at += 1;
    (bins[at] as Distribution["bins"][number])[2] += count;
  });
  return { bins, isLog };
}

function findEdges({ values }: SortedCounts): BinEdges {
  if (values.length === 0) return { isLog: false, edges: [] };
  const min = values[0] as number;
  const smallestPositive = min > 0 ? min : values.find((value) => value > 0);
  return toBinEdges(min, smallestPositive, values[values.length - 1] as number);
}

/** @param smallestPositive the smallest value above 0, if there is one */
export function toBinEdges(min: number, smallestPositive: number | undefined, max: number): BinEdges {
  if (smallestPositive === undefined || max <= LOG_RATIO * smallestPositive) {
    return { isLog: false, edges: toEvenEdges(min, max) };
  }
  const edges = toLogEdges(smallestPositive, max);
  // Tokens of one read have a gap of 0, which a logarithmic axis cannot show: they get a bin of their own.
  return { isLog: true, edges: min < (edges[0] as number) ? [Math.min(0, min), ...edges] : edges };
}

/** Multiples of 1, 2 or 5 times a power of ten. */
function toEvenEdges(min: number, max: number): number[] {
  // Edges have nine digits: values closer together than that would have equal edges.
  const isApart = max - min > LEAST_APART * Math.max(Math.abs(min), Math.abs(max));
  const wanted = isApart ? (max - min) / MOST_EVEN : Math.abs(max) / 100 || 1;
  const power = 10 ** Math.floor(Math.log10(wanted));
  for (const width of [1, 2, 5, 10, 20].map((factor) => factor * power)) {
    const [first, last] = [Math.floor(min / width), Math.ceil(max / width)];
    if (last - first > MOST_EVEN) continue;
    // A value on an edge belongs to the bin above it; the last bin includes both its edges.
    return toEdges(first, Math.max(last, first + 1), (index) => index * width, min, max);
  }
  return [min, max];
}

function toLogEdges(min: number, max: number): number[] {
  const [low, high] = [Math.log10(min), Math.log10(max)];
  const parts =
    PER_DECADE.find((n) => Math.ceil(high * n) - Math.floor(low * n) <= MOST_LOG) ??
    (PER_DECADE.at(-1) as number);
  return toEdges(
    Math.floor(low * parts),
    Math.ceil(high * parts),
    (index) => 10 ** (index / parts),
    min,
    max,
  );
}

/** Rounding may move an edge past the smallest or the largest value: then one more edge is added. */
function toEdges(first: number, last: number, edge: (index: number) => number, min: number, max: number) {
  let [from, to] = [first, last];
  const rounded = (index: number) => toDigits(edge(index), 9);
  while (rounded(from) > min) from -= 1;
  while (rounded(to) < max) to += 1;
  return Array.from({ length: to - from + 1 }, (_, index) => rounded(from + index));
}
