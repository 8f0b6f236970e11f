// The legend of a picture: its lines or bars, its shaded stretches and its limits, in as many rows as they need.
import type { Shade } from "../chart-spec.ts";
import type { Theme } from "../theme.ts";
import type { Look } from "./picture.ts";
import { shortenMiddle, toTextWidth } from "./text-width.ts";

const FONT_SIZE = 12;
const ICON_WIDTH = 28;
const GAP = 9;
/** Height of a row. */
const ROW = 19;

/** Above the first row: texts are higher than signs. */
const TOP = 3;

/** A name, or a name with a sign of its own. */
export type LegendName = string | { name: string; icon: string; itemStyle?: object };

/** Signs as paths, where ECharts would stretch its own to the width of a line. */
const SIGNS: Record<string, string> = {
  rect: "path://M0,0h9v9h-9z",
  triangle: "path://M4.5,0L9,9H0z",
  diamond: "path://M4.5,0L9,4.5L4.5,9L0,4.5z",
};

/** The name of points without a line. @param symbol of ECharts */
export function toPointsName(name: string, symbol: string): LegendName {
  const icon = SIGNS[symbol];
  return icon === undefined ? name : { name, icon };
}

/** The name of a dashed line across the chart. */
export function toLimitName(name: string): LegendName {
  return { name, icon: "path://M0,4h7v1.5h-7zM10,4h7v1.5h-7zM20,4h7v1.5h-7z" };
}

export function legend({ theme, width }: Look, names: readonly LegendName[]) {
  return {
    top: TOP,
    left: 0,
    padding: 0,
    itemGap: GAP,
    itemWidth: ICON_WIDTH,
    itemHeight: ROW - GAP,
    textStyle: { color: theme.text, fontSize: FONT_SIZE },
    inactiveColor: theme.muted,
    // Dashes and symbols of the lines, so that lines differ without colour.
    lineStyle: { width: 2 },
    formatter: (name: string) => shortenMiddle(name, FONT_SIZE, width - ICON_WIDTH - 5),
    data: [...names],
  };
}

/** In pixels; 0 without names. */
export function toLegendHeight(names: readonly LegendName[], width: number): number {
  return names.length === 0 ? 0 : TOP + countRows(names, width) * ROW;
}

function countRows(names: readonly LegendName[], width: number): number {
  let [rows, used] = [0, Number.POSITIVE_INFINITY];
  for (const entry of names) {
    const name = typeof entry === "string" ? entry : entry.name;
    const needed = ICON_WIDTH + 5 + toTextWidth(name, FONT_SIZE);
    used += GAP + needed;
    if (used <= width) continue;
    rows += 1;
    used = needed;
  }
  return rows;
}

/** The names of shaded stretches, each once. */
export function toShadeNames(shades: readonly Shade[]): LegendName[] {
  return toLabels(shades).map((name) => ({
    name,
    icon: "rect",
    itemStyle: { borderColor: "gray", borderWidth: 0.5 },
  }));
}

function toLabels(shades: readonly Shade[]): string[] {
  return [...new Set(shades.map(({ label }) => label))];
}

/**
 * Shaded stretches as series without values, one a name, so that the legend has them.
 * @param more fields of the series: its type
 */
export function toShadeSeries<More extends object>(theme: Theme, shades: readonly Shade[], more: More) {
  return toLabels(shades).map((name) => {
    const own = shades.filter(({ label }) => label === name);
    const color = own[0]?.isBad ? theme.badShade : theme.shade;
    return {
      ...more,
      name,
      data: [],
      silent: true,
      symbol: "rect",
      itemStyle: { color },
      lineStyle: { width: 0 },
      markArea: {
        silent: true,
        itemStyle: { color },
        data: own.map(({ from, to }) => [{ xAxis: from }, { xAxis: to }]),
      },
    };
  });
}
