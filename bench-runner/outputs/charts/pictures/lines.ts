// Lines or points over an axis of numbers, with whiskers, marks, shaded stretches and links.
import type { EChartsOption } from "echarts";
import { escapeHtml } from "../../html.ts";
import type { LinePoint, LinesChart, LinesSeries } from "../chart-spec.ts";
import { colourOf, DASHES, SYMBOLS, type Theme } from "../theme.ts";
import { formatIn, isKnown } from "./axis-numbers.ts";
import { bottomAxis, frame, grid, legend, shadedAreas, valueAxis, withExtent } from "./echarts-parts.ts";
import { toLinesTable, toText } from "./lines-table.ts";
import type { Look, Picture, Stop } from "./picture.ts";
import { type PlotAxis, toBottomAxis, toValueAxis } from "./plot-axis.ts";
import { drawWhisker } from "./whiskers.ts";

/** More or longer labels next to points would cover what they are about. */
const MOST_LABELS = 40;
const LONGEST_LABEL = 18;
/** Lines of more points are drawn without symbols. */
const MOST_SYMBOLS = 60;
const MOST_SYMBOLS_ACROSS = 30;

/** Where the values of both axes lie. */
interface Axes {
  x: PlotAxis;
  y: PlotAxis;
}

export function toLinesPicture(chart: LinesChart): Picture {
  return {
    height: chart.height ?? 330,
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
  const names = series.length > 1 ? series.map(({ name }) => name) : [];
  const base = frame(look, description);
  return {
    ...base,
    ...(names.length > 0 && { legend: { ...legend(look), data: names } }),
    grid: { ...grid(look, names), right: look.width < 480 ? 12 : 28 },
    tooltip: { ...base.tooltip, trigger: isReadAcross ? "axis" : "item" },
    xAxis: withExtent(bottomAxis(look.theme, axes.x.title, axes.x.formatTick), axes.x),
    yAxis: withExtent(valueAxis(look.theme, axes.y.title, axes.y.formatTick), axes.y),
    series: [
      ...series.map((one, index) => toLine(chart, one, index, look, axes)),
      ...series.flatMap((one, index) => toWhiskers(one, colourOf(look.theme, one.colour ?? index), axes)),
      toBackground(chart, look, axes),
    ] as NonNullable<EChartsOption["series"]>,
  };
}

function toAxes({ x, y, series, marks = [] }: LinesChart, { width }: Look): Axes {
  const points = series.flatMap((one) => one.points);
  const at = (axis: "x" | "y") => marks.filter((mark) => mark.axis === axis).map((mark) => mark.at);
  const heights = points.flatMap((point) => [point.y, point.low, point.high].filter(isKnown));
  return {
    x: toBottomAxis(x, [...points.map((point) => point.x), ...at("x")], width),
    y: toValueAxis(y, [...heights, ...at("y")]),
  };
}

function toLine(chart: LinesChart, one: LinesSeries, index: number, { theme }: Look, { x, y }: Axes) {
  const colour = colourOf(theme, one.colour ?? index);
  const place = typeof one.colour === "number" ? one.colour : index;
  // Symbols and dashes are shifted after the last colour: no two of 36 lines are alike.
  const turn = place + Math.floor(place / SYMBOLS.length);
  const symbol = SYMBOLS[turn % SYMBOLS.length] as string;
  const isScattered = one.line === "none";
  const most = chart.isReadAcross ? MOST_SYMBOLS_ACROSS : MOST_SYMBOLS;
  const showsPoints = isScattered || (one.line !== "step" && one.points.length <= most);
  const isLabelled = chart.series.reduce((sum, { points }) => sum + points.length, 0) <= MOST_LABELS;
  return {
    type: isScattered ? "scatter" : "line",
    name: one.name,
    symbol,
    symbolSize: isScattered ? 10 : chart.isReadAcross ? 5 : 7,
    showAllSymbol: true,
    connectNulls: false,
    ...(one.line === "step" && { step: "end" }),
    itemStyle: { color: colour },
    lineStyle: {
      color: colour,
      width: chart.series.length === 1 && one.isFilled ? 2 : 1.75,
      type: one.dashed ? "dashed" : chart.series.length === 1 ? "solid" : DASHES[turn % DASHES.length],
    },
    ...(one.isFilled && { areaStyle: { opacity: 0.12 } }),
    ...(chart.isNested && toNested(theme, index, colour)),
    emphasis: { disabled: true },
    data: one.points.map((point, at) => ({
      value: [x.place(point.x) ?? null, (isKnown(point.y) ? y.place(point.y) : undefined) ?? null],
      symbol: showsPoints || isAlone(one.points, at) ? symbol : "none",
      ...(point.href !== undefined && { cursor: "pointer" }),
      ...(isLabelled && toLabel(point, theme, x)),
    })),
    labelLayout: { hideOverlap: true },
    tooltip: chart.isReadAcross
      ? { valueFormatter: (_: unknown, at: number) => toText(chart, one.points[at]) || "–" }
      : { formatter: ({ dataIndex }: { dataIndex: number }) => toTip(chart, one, one.points[dataIndex]) },
  };
}

/** A value between two gaps is no line: it needs its symbol. */
function isAlone(points: readonly LinePoint[], at: number): boolean {
  return !isKnown(points[at - 1]?.y) && !isKnown(points[at + 1]?.y);
}

function toNested(theme: Theme, index: number, colour: string) {
  if (index === 0) return { z: 9 };
  const itemStyle = { color: theme.surface, borderColor: colour, borderWidth: 1.5 };
  return { symbolSize: 5 + 3 * index, z: 9 - index, itemStyle };
}

function toLabel({ x: at, label }: LinePoint, theme: Theme, { place, option }: PlotAxis) {
  if (label === undefined || label.length > LONGEST_LABEL) return {};
  const { min = 0, max = 1 } = option;
  // There is no room to the right of the right end.
  const isAtEnd = ((place(at) ?? min) - min) / (max - min) > 0.8;
  return {
    label: {
      show: true,
      formatter: () => label,
      position: isAtEnd ? "left" : "top",
      distance: 6,
      color: theme.text,
      fontSize: 11,
      textBorderColor: theme.surface,
      textBorderWidth: 2,
    },
  };
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

function toWhiskers({ name, points }: LinesSeries, colour: string, { x, y }: Axes) {
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

/** Marks and shaded stretches, in a series of their own without values. */
function toBackground({ marks = [], shades = [] }: LinesChart, { theme }: Look, { x, y }: Axes) {
  const data = marks.flatMap(({ axis, at, label }) => {
    const place = (axis === "x" ? x : y).place(at);
    if (place === undefined) return [];
    const text = {
      formatter: () => label,
      color: theme.text,
      fontSize: 11,
      textBorderColor: theme.surface,
      textBorderWidth: 3,
    };
    return [
      axis === "x"
        ? { xAxis: place, label: { ...text, position: "insideEndTop" } }
        : { yAxis: place, label: { ...text, position: "insideStartTop" } },
    ];
  });
  const lineStyle = { color: theme.text, width: 1.25, type: "dashed" };
  return {
    type: "line",
    name: "marks",
    data: [],
    silent: true,
    markLine: { symbol: "none", silent: true, lineStyle, data },
    ...(shades.length > 0 && { markArea: shadedAreas(theme, shades) }),
  };
}
