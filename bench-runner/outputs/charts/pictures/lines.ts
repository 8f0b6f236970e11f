// Lines or points over an axis of numbers, with whiskers, marks, shaded stretches and links.
import type { EChartsOption } from "echarts";
import { escapeHtml } from "../../html.ts";
import type { LinePoint, LinesChart, LinesSeries } from "../chart-spec.ts";
import { colourOf, DASHES, SYMBOLS } from "../theme.ts";
import { formatIn, isKnown } from "./axis-numbers.ts";
import { bottomAxis, frame, plotBelow, valueAxis, withExtent } from "./echarts-parts.ts";
import { type DrawnFlag, toFlagSeries, toFlagsHeight } from "./flags.ts";
import {
  type LegendName,
  toLegendHeight,
  toLimitName,
  toPointsName,
  toShadeNames,
  toShadeSeries,
} from "./legend.ts";
import { toLabelSeries } from "./line-labels.ts";
import { toLinesTable, toText } from "./lines-table.ts";
import type { Look, Picture, Stop } from "./picture.ts";
import { type PlotAxes, toBottomAxis, toValueAxis } from "./plot-axis.ts";
import { drawWhisker } from "./whiskers.ts";

/** Lines of more points are drawn without symbols. */
const MOST_SYMBOLS = 60;
const MOST_SYMBOLS_ACROSS = 30;

export function toLinesPicture(chart: LinesChart): Picture {
  return {
    heightAt: (width) => (chart.height ?? 330) + toLegendHeight(toNames(chart), width),
    option: (look) => toOption(chart, look),
    table: () => toLinesTable(chart),
    hrefOf: (series, point) => chart.series[series]?.points[point]?.href,
    stops: () => toStops(chart),
  };
}

/** Every value; where all lines are read at once, every position. */
function toStops({ series, isReadAcross }: LinesChart): Stop[] {
  const seen = new Set<number>();
  return series.flatMap(({ points }, at) =>
    points.flatMap(({ x, y }, point): Stop[] => {
      if (!isKnown(y) || (isReadAcross && seen.has(x))) return [];
      seen.add(x);
      return [[at, point]];
    }),
  );
}

function toOption(chart: LinesChart, look: Look): EChartsOption {
  const { series, description, isReadAcross } = chart;
  const axes = toAxes(chart, look);
  const base = frame(look, description);
  const flags = toFlags(chart, axes);
  const above = { names: toNames(chart), title: axes.y.title, marksHeight: toFlagsHeight(flags) };
  return {
    ...base,
    ...plotBelow(look, above),
    tooltip: { ...base.tooltip, trigger: isReadAcross ? "axis" : "item" },
    xAxis: withExtent(bottomAxis(look.theme, axes.x.title, axes.x.formatTick), axes.x),
    yAxis: withExtent(valueAxis(look.theme, axes.y.formatTick), axes.y),
    series: [
      ...series.map((one, index) => toLine(chart, one, index, look, axes)),
      ...series.flatMap((one, index) => toWhiskers(one, colourOf(look.theme, one.colour ?? index), axes)),
      ...toShadeSeries(look.theme, chart.shades ?? [], { type: "line" }),
      ...toLimits(chart, look, axes),
      ...toFlagSeries("marks", flags, look, axes.y.option.min),
      ...toLabelSeries(chart, look, axes),
    ] as NonNullable<EChartsOption["series"]>,
  };
}

function toAxes({ x, y, series, marks = [] }: LinesChart, { width }: Look): PlotAxes {
  const points = series.flatMap((one) => one.points);
  const at = (axis: "x" | "y") => marks.filter((mark) => mark.axis === axis).map((mark) => mark.at);
  const heights = points.flatMap((point) => [point.y, point.low, point.high].filter(isKnown));
  return {
    x: toBottomAxis(x, [...points.map((point) => point.x), ...at("x")], width),
    y: toValueAxis(y, [...heights, ...at("y")]),
  };
}

function toLine(chart: LinesChart, one: LinesSeries, index: number, { theme }: Look, { x, y }: PlotAxes) {
  const colour = colourOf(theme, one.colour ?? index);
  const symbol = toSymbol(one, index);
  const isScattered = one.line === "none";
  const most = chart.isReadAcross ? MOST_SYMBOLS_ACROSS : MOST_SYMBOLS;
  const showsPoints = isScattered || (one.line !== "step" && one.points.length <= most);
  return {
    type: isScattered ? "scatter" : "line",
    name: one.name,
    symbol,
    symbolSize: chart.isReadAcross ? 5 : isScattered ? 10 : 7,
    showAllSymbol: true,
    connectNulls: false,
    ...(one.line === "step" && { step: "end" }),
    itemStyle: { color: colour },
    lineStyle: {
      color: colour,
      width: chart.series.length === 1 && one.isFilled ? 2 : 1.75,
      type: one.dashed
        ? "dashed"
        : chart.series.length === 1
          ? "solid"
          : DASHES[toTurn(one, index) % DASHES.length],
    },
    ...(one.isFilled && { areaStyle: { opacity: 0.12 } }),
    emphasis: { disabled: true },
    data: one.points.map((point, at) => ({
      value: [x.place(point.x) ?? null, (isKnown(point.y) ? y.place(point.y) : undefined) ?? null],
      symbol: showsPoints || isAlone(one.points, at) ? symbol : "none",
      ...(point.href !== undefined && { cursor: "pointer" }),
    })),
    tooltip: chart.isReadAcross
      ? { valueFormatter: (_: unknown, at: number) => toText(chart, one.points[at]) || "–" }
      : { formatter: ({ dataIndex }: { dataIndex: number }) => toTip(chart, one, one.points[dataIndex]) },
  };
}

/** Symbols and dashes are shifted after the last colour: no two of 36 lines are alike. */
function toTurn({ colour }: LinesSeries, index: number): number {
  const place = typeof colour === "number" ? colour : index;
  return place + Math.floor(place / SYMBOLS.length);
}

function toSymbol(one: LinesSeries, index: number): string {
  return SYMBOLS[toTurn(one, index) % SYMBOLS.length] as string;
}

/** A value between two gaps is no line: it needs its symbol. */
function isAlone(points: readonly LinePoint[], at: number): boolean {
  return !isKnown(points[at - 1]?.y) && !isKnown(points[at + 1]?.y);
}

function toTip(chart: LinesChart, { name }: LinesSeries, point: LinePoint | undefined): string {
  if (point === undefined) return "";
  return [
    `<b>${escapeHtml(name)}</b>${point.label === undefined ? "" : ` · ${escapeHtml(point.label)}`}`,
    `${escapeHtml(chart.x.title)}: ${escapeHtml(formatIn(chart.x.unit, point.x))}`,
    `${escapeHtml(chart.y.title)}: <b>${escapeHtml(toText(chart, point))}</b>`,
    ...(point.href === undefined ? [] : ["<i>press Enter or click to open</i>"]),
  ].join("<br>");
}

function toWhiskers({ name, points }: LinesSeries, colour: string, { x, y }: PlotAxes) {
  const data = points.flatMap((point) => {
    if (!isKnown(point.low) || !isKnown(point.high)) return [];
    // An end of 0 or less on an axis of magnitudes goes as far as the axis does.
    const ends = [x.place(point.x), y.place(point.low) ?? 0, y.place(point.high)];
    return ends.every(isKnown) ? [ends] : [];
  });
  if (data.length === 0) return [];
  return [
    {
      type: "custom",
      name,
      silent: true,
      z: 4,
      itemStyle: { color: colour },
      data,
      encode: { x: 0, y: [1, 2] },
      renderItem: drawWhisker(colour, false),
    },
  ];
}

/** Upright marks. */
function toFlags({ marks = [] }: LinesChart, { x }: PlotAxes): DrawnFlag[] {
  return marks.flatMap(({ axis, at, label }) => {
    const place = axis === "x" ? x.place(at) : undefined;
    return place === undefined ? [] : [{ at: place, texts: [label], isDashed: true }];
  });
}

/** Marks across the chart: the legend names them, as anything could be at the line itself. */
function toLimits({ marks = [] }: LinesChart, { theme }: Look, { y }: PlotAxes) {
  return marks.flatMap(({ axis, at, label }) => {
    const place = axis === "y" ? y.place(at) : undefined;
    if (place === undefined) return [];
    const lineStyle = { color: theme.text, width: 1.25, type: "dashed" };
    return [
      {
        type: "line",
        name: label,
        data: [],
        silent: true,
        symbol: "none",
        itemStyle: { color: theme.text },
        lineStyle,
        markLine: {
          symbol: "none",
          silent: true,
          label: { show: false },
          lineStyle,
          data: [{ yAxis: place }],
        },
      },
    ];
  });
}

/** One line alone needs no name. */
function toNames({ series, shades = [], marks = [] }: LinesChart): LegendName[] {
  const named = series.length > 1 ? series : [];
  return [
    ...named.map((one, index) =>
      one.line === "none" ? toPointsName(one.name, toSymbol(one, index)) : one.name,
    ),
    ...toShadeNames(shades),
    ...marks.filter(({ axis }) => axis === "y").map(({ label }) => toLimitName(label)),
  ];
}
