// What all charts share: axes, legend and tooltip in the theme's colours, shaded phases, lines that lose no lone point.
import type { EChartsOption } from "echarts";
import type { TimeSeries } from "../../../summary/series/report-data.ts";
import { colourOf, DASHES, SYMBOLS, type Theme } from "../theme.ts";
import type { Look } from "./chart.ts";
import { toFailureSpans } from "./failure-spans.ts";
import { formatClock } from "./words.ts";

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
    // Dashes and symbols of the lines, so that colour is not needed to tell them apart.
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

const CLOCK_STEPS = [
  0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400,
];

/** The next step at which a clock is read. @param seconds at least so long */
export function toClockStep(seconds: number): number {
  return CLOCK_STEPS.find((step) => step >= seconds) ?? Math.ceil(seconds / 86_400) * 86_400;
}

/** Multiples of the step; none so near the end that its label would be cut off. */
export function toClockTicks(from: number, to: number, step: number): number[] {
  const first = Math.ceil(from / step);
  const last = Math.floor((to - step / 6) / step);
  return Array.from({ length: Math.max(1, last - first + 1) }, (_, index) => (first + index) * step);
}

/** Seconds since the load began. */
export function clockAxis({ theme, width }: Look, from: number, to: number) {
  // Sampling may begin a moment before the load: counted from there, no label would be a round time.
  const ticks = toClockTicks(from, to, toClockStep((to - from) / (width < 480 ? 4 : 8)));
  return {
    ...bottomAxis(theme, "time since the load began (m:ss)", formatClock),
    min: from,
    max: to,
    axisTick: { show: true, lineStyle: { color: theme.muted }, customValues: ticks },
    axisLabel: { color: theme.muted, fontSize: 11, formatter: formatClock, customValues: ticks },
    axisPointer: { label: { formatter: ({ value }: { value: unknown }) => formatClock(Number(value)) } },
  };
}

/** Room for a legend above and labels below. @param names in the legend; none where there is no legend */
export function grid({ width }: Look, names: readonly string[] = []) {
  // About so wide is a name with its line; a narrow legend is one line that scrolls.
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

const PHASE_WORDS = { warmup: "warm-up", cooldown: "cool-down", measure: "" };

/** Warm-up, cool-down and the times in which requests failed as shaded areas; nothing where there are none. */
export function phaseAreas(theme: Theme, time: TimeSeries) {
  const phases = time.phases.filter(({ name }) => name !== "measure");
  const areas = [
    ...phases.map(({ name, from, to }) => ({ name: PHASE_WORDS[name], from, to, colour: theme.shade })),
    ...toFailureSpans(time).map((span) => ({ name: "failures", ...span, colour: theme.badShade })),
  ];
  if (areas.length === 0) return {};
  return {
    markArea: {
      silent: true,
      label: { color: theme.muted, fontSize: 11, position: "insideTopLeft" as const },
      data: areas.map(({ name, from, to, colour }) => [
        { name, xAxis: from, itemStyle: { color: colour } },
        { xAxis: to },
      ]) as [{ name: string; xAxis: number; itemStyle: { color: string } }, { xAxis: number }][],
    },
  };
}

/** A line of its own colour, dashes and symbol. A value between two gaps is no line: it gets its symbol. */
export function line(
  theme: Theme,
  index: number,
  name: string,
  points: readonly (readonly [number, number | null])[],
) {
  const isFew = points.length <= 30;
  const isAlone = (at: number) =>
    (points[at - 1]?.[1] ?? null) === null && (points[at + 1]?.[1] ?? null) === null;
  const colour = colourOf(theme, index);
  const symbol = SYMBOLS[index % SYMBOLS.length] as string;
  return {
    type: "line" as const,
    name,
    data: points.map(([x, y], at) => ({
      value: [x, y as number] as [number, number],
      symbol: isFew || isAlone(at) ? symbol : "none",
    })),
    symbol,
    symbolSize: 5,
    showAllSymbol: true,
    connectNulls: false,
    itemStyle: { color: colour },
    lineStyle: { color: colour, width: 1.75, type: DASHES[index % DASHES.length] as "solid" },
    emphasis: { disabled: true },
  };
}
