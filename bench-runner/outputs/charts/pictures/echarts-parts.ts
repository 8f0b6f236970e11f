// What the ECharts options of all kinds share: frame, legend, axes and shaded areas in the theme's colours.
import type { EChartsOption } from "echarts";
import type { Shade } from "../chart-spec.ts";
import type { Theme } from "../theme.ts";
import type { Look } from "./picture.ts";
import type { PlotAxis } from "./plot-axis.ts";

const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif";

/** The frame of every option. @param finding what a screen reader says of the picture */
export function frame({ theme }: Look, finding: string) {
  return {
    animation: false,
    backgroundColor: "transparent",
    textStyle: { fontFamily: FONT, color: theme.text },
    aria: { enabled: true, label: { description: finding }, decal: { show: false } },
    tooltip: {
      confine: true,
      backgroundColor: theme.surface,
      borderColor: theme.line,
      textStyle: { color: theme.text, fontSize: 12, fontFamily: FONT },
    },
  } satisfies EChartsOption;
}

export function legend({ theme, width }: Look) {
  return {
    top: 0,
    left: 0,
    type: width < 480 ? "scroll" : "plain",
    itemWidth: 28,
    itemHeight: 9,
    textStyle: { color: theme.text, fontSize: 12 },
    inactiveColor: theme.muted,
    // Dashes and symbols of the lines, so that lines differ without colour.
    lineStyle: { width: 2 },
  } as const;
}

/** An axis of values. @param name what it counts, in a few words */
export function valueAxis(theme: Theme, name: string, format: (value: number) => string) {
  return {
    type: "value" as "value" | "log",
    name,
    nameLocation: "end" as "end" | "middle",
    nameTextStyle: {
      color: theme.muted,
      fontSize: 11,
      align: "left" as "left" | "center",
      padding: [0, 0, 2, -36],
    },
    axisLine: { show: false, lineStyle: { color: theme.line } },
    axisTick: { show: false },
    axisLabel: { color: theme.muted, fontSize: 11, formatter: format, hideOverlap: true },
    splitLine: { lineStyle: { color: theme.line } },
    splitNumber: 4,
  };
}

/** Along the bottom, with a line and without a grid. */
export function bottomAxis(theme: Theme, name: string, format: (value: number) => string) {
  return {
    ...valueAxis(theme, name, format),
    nameLocation: "middle" as const,
    nameGap: 26,
    nameTextStyle: { color: theme.muted, fontSize: 11, align: "center" as const },
    axisLine: { show: true, onZero: false, lineStyle: { color: theme.muted } },
    axisTick: { show: true, lineStyle: { color: theme.muted } },
    splitLine: { show: false },
  };
}

/** Room for a legend above and labels below. @param names in the legend; none where there is no legend */
export function grid({ width }: Look, names: readonly string[] = []) {
  // The approximate width of a name with its line; a narrow legend is one line that scrolls.
  const needed = names.reduce((sum, name) => sum + 52 + name.length * 6.6, 0);
  const lines = width < 480 ? Math.min(1, names.length) : Math.ceil(needed / width);
  return {
    left: 4,
    right: width < 480 ? 8 : 16,
    top: 26 + lines * 18,
    bottom: 4,
    outerBoundsMode: "same" as const,
  };
}

/** Stretches of the horizontal axis as shaded areas with their names. @param shades from and to which position of ECharts' axis */
export function shadedAreas(theme: Theme, shades: readonly Shade[]) {
  return {
    silent: true,
    label: { color: theme.muted, fontSize: 11, position: "insideTopLeft" as const },
    data: shades.map(({ label, from, to, isBad }) => [
      { name: label, xAxis: from, itemStyle: { color: isBad ? theme.badShade : theme.shade } },
      { xAxis: to },
    ]) as [{ name: string; xAxis: number; itemStyle: { color: string } }, { xAxis: number }][],
  };
}

/** The extent and the labelled positions of an axis, as ECharts takes them. @param fields of `valueAxis` or `bottomAxis` */
export function withExtent<Fields extends { axisLabel: object; axisTick: object }>(
  fields: Fields,
  { option: { min, max, ticks, hasOddEnds, minInterval }, formatTick }: PlotAxis,
) {
  const at = ticks && { customValues: ticks };
  return {
    ...fields,
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    ...(minInterval !== undefined && { minInterval }),
    axisLabel: {
      ...fields.axisLabel,
      ...at,
      ...(ticks === undefined && hasOddEnds && { showMinLabel: false, showMaxLabel: false }),
    },
    axisTick: { ...fields.axisTick, ...at },
    axisPointer: { label: { formatter: ({ value }: { value: unknown }) => formatTick(Number(value)) } },
  };
}
