// The axis of bars' categories: names, or intervals of a number such as times.
import type { BarsChart, Shade } from "../chart-spec.ts";
import { bottomAxis } from "./echarts-parts.ts";
import type { Look } from "./picture.ts";
import { chooseClockStep } from "./plot-axis.ts";

/** Bars with more or longer names lie. */
const MOST_UPRIGHT = 6;
const LONGEST_UPRIGHT = 14;
/** More numbers than this at bars would run into each other. */
const MOST_NUMBERS = 30;

/** How bars are placed: upright, lying where their names need room, or side by side over intervals. */
export type Layout = "upright" | "lying" | "intervals";

export function toLayout({ x, categories, series }: BarsChart): Layout {
  if (x !== undefined) return "intervals";
  const needsRoom =
    categories.length > MOST_UPRIGHT ||
    categories.length * series.length > MOST_NUMBERS ||
    categories.some((name) => name.length > LONGEST_UPRIGHT);
  return needsRoom ? "lying" : "upright";
}

export function toCategoryAxis({ x, categories }: BarsChart, layout: Layout, { theme, width }: Look) {
  const axis = {
    ...bottomAxis(theme, x?.title ?? "", () => ""),
    type: "category" as const,
    data: categories,
    ...(layout === "lying" && { inverse: true }),
  };
  if (x !== undefined) {
    const step = Math.max(x.interval, chooseClockStep(categories.length * x.interval, width));
    const every = Math.round(step / x.interval);
    return {
      ...axis,
      // A shaded stretch reaches to the next tick: one at each interval, too many to be shown.
      axisTick: { show: false, interval: 0 },
      axisLabel: {
        color: theme.muted,
        fontSize: 11,
        interval: (index: number) => index % every === 0,
        hideOverlap: true,
      },
    };
  }
  return {
    ...axis,
    axisTick: { show: false },
    axisLabel: {
      color: theme.text,
      fontSize: 11,
      lineHeight: 13,
      interval: 0,
      overflow: "break" as const,
      width:
        layout === "lying"
          ? Math.min(260, width * 0.34, 8 + 6.6 * Math.max(...categories.map((name) => name.length)))
          : (width - 64) / categories.length - 4,
    },
  };
}

/** Shaded stretches on an axis of intervals: over those of which at least half lies within. */
export function toShades({ x, categories, shades = [] }: BarsChart): Shade[] {
  const { min = 0, interval = 1 } = x ?? {};
  const toIndex = (at: number) => Math.ceil((at - min) / interval - 0.5);
  return shades
    .map((shade) => ({
      ...shade,
      from: Math.max(0, toIndex(shade.from)),
      to: Math.min(categories.length, toIndex(shade.to)) - 1,
    }))
    .filter(({ from, to }) => from <= to);
}
