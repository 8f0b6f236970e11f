// What the ECharts options of all kinds share: frame, legend, axes and shaded areas in the theme's colours.
import type { EChartsOption } from "echarts";
import type { Theme } from "../theme.ts";
import { type LegendName, legend, toLegendHeight } from "./legend.ts";
import type { Look } from "./picture.ts";
import type { PlotAxis } from "./plot-axis.ts";

export const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif";

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

/** An axis of values, whose title is above it: see `axisTitle`. */
export function valueAxis(theme: Theme, format: (value: number) => string) {
  return {
    type: "value" as "value" | "log",
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
    ...valueAxis(theme, format),
    name,
    nameLocation: "middle" as const,
    nameGap: 26,
    nameTextStyle: { color: theme.muted, fontSize: 11, align: "center" as const },
    axisLine: { show: true, onZero: false, lineStyle: { color: theme.muted } },
    axisTick: { show: true, lineStyle: { color: theme.muted } },
    splitLine: { show: false },
  };
}

/** Height of a vertical axis' title. */
const TITLE_HEIGHT = 18;

/** The title of a vertical axis above it, at the left edge. @param top pixels from the top of the picture */
export function axisTitle({ theme }: Look, text: string, top: number) {
  return {
    text,
    left: 0,
    top,
    padding: 0,
    textStyle: { color: theme.muted, fontSize: 11, fontWeight: "normal" as const, fontFamily: FONT },
  };
}

/** What is above a plot, from top to bottom: legend, title of the vertical axis, labels of upright marks. */
export interface Above {
  names?: readonly LegendName[];
  title?: string;
  marksHeight?: number;
}

/** Legend, title and grid of a picture with one plot. */
export function plotBelow(look: Look, { names = [], title = "", marksHeight = 0 }: Above) {
  const legendHeight = toLegendHeight(names, look.width);
  return {
    ...(names.length > 0 && { legend: legend(look, names) }),
    ...(title !== "" && { title: axisTitle(look, title, legendHeight + 3) }),
    grid: {
      left: 4,
      right: look.width < 480 ? 12 : 20,
      top: legendHeight + (title === "" ? 0 : TITLE_HEIGHT) + marksHeight + 4,
      bottom: 4,
      outerBoundsMode: "same" as const,
    },
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
