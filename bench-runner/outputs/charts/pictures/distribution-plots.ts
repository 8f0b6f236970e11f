// Where the two plots of a distribution lie, their common scale, and the places of bins and percentiles on it.
import { formatNumber, formatValue } from "../../../../lib/core/units.ts";
import type { DistributionChart } from "../chart-spec.ts";
import { type DrawnFlag, toFlagsHeight } from "./flags.ts";
import { type Scale, toScale, withZero } from "./scale.ts";
import { toTextWidth } from "./text-width.ts";

/** The axis spans this many bins at least: a single one would be as wide as the chart. */
const FEWEST_BINS = 15;
/** Room for the ticks of the lower plot. */
const TICKS_HEIGHT = 28;

/** The two plots, one above the other, over the same scale. */
export interface Plots {
  scale: Scale;
  flags: DrawnFlag[];
  left: number;
  /** Where the upper one begins: below the labels of the percentiles. */
  top: number;
  /** Room for the labels of the time axis and, on a scale of magnitudes, its title. */
  ticks: number;
}

export function toPlots(chart: DistributionChart, width: number): Plots {
  const { bins } = chart;
  const most = bins.reduce((largest, [, , count]) => Math.max(largest, count), 0);
  const scale = toScaleOf(chart);
  const flags = toFlags(chart, scale);
  return {
    scale,
    flags,
    // As wide as its largest label: an axis ends at most at twice the largest count.
    left: Math.min(width / 3, Math.max(52, 14 + toTextWidth(formatNumber(2 * most, "count"), 11))),
    top: toFlagsHeight(flags) + 14,
    ticks: scale.isLog ? TICKS_HEIGHT + 14 : TICKS_HEIGHT,
  };
}

export function toScaleOf({ bins, cdf, marks, isLog }: DistributionChart): Scale {
  const first = bins[0]?.[0] ?? cdf[0]?.[0] ?? 0;
  const last = Math.max(bins.at(-1)?.[1] ?? 1, ...marks.map(({ certifiedMs = 0 }) => certifiedMs));
  if (isLog) {
    const low = bins.find(([from]) => from > 0)?.[0] ?? first;
    const scale = toScale(true, low, last, low);
    return first > 0 ? scale : withZero(scale);
  }
  const [from, to] = bins[0] ?? [first, last];
  const missing = Math.max(0, FEWEST_BINS * (to - from) - (last - first));
  const start = Math.max(0, first - missing / 2);
  return toScale(false, start, start + last - first + missing, 1);
}

/** Percentiles of the same value share a flag: "p50 p90* 74.1 ms". */
function toFlags({ marks }: DistributionChart, scale: Scale): DrawnFlag[] {
  const values = [...new Set(marks.map(({ ms }) => formatMs(ms)))];
  return values.map((value) => {
    const group = marks.filter(({ ms }) => formatMs(ms) === value);
    const names = group.map(({ name, isUncertain }) => `${name}${isUncertain ? "*" : ""}`).join(" ");
    return {
      at: scale.place(group[0]?.ms ?? 0),
      texts: [`${names} ${value}`, names],
      isDashed: group.every(({ isUncertain }) => isUncertain),
    };
  });
}

/** A scale of magnitudes has a place for values of 0, apart from the others. */
export function toEdges(from: number, to: number, { zero, place }: Scale): [number, number] {
  return from <= 0 && zero !== undefined ? [zero.from, zero.to] : [place(from), place(to)];
}

/** The first bin of a scale of magnitudes that begins at 0 has no other values. */
export function toRange(from: number, to: number, { zero }: Pick<Scale, "zero">): string[] {
  return from <= 0 && zero !== undefined ? [formatMs(0)] : [formatMs(from), formatMs(to)];
}

export function formatMs(ms: number): string {
  return formatValue(ms, "ms");
}
