// Lines or points over an axis of numbers, with whiskers, marks and links.
import type { EChartsOption } from "echarts";
import type { LinePoint, LinesChart, LinesSeries } from "../../chart-page/chart-page.ts";
import { bottomAxis, frame, grid, legend, line, valueAxis } from "../report/axes.ts";
import type { ChartTable, Look, Picture } from "../report/chart.ts";
import { escapeText } from "../report/words.ts";
import { colourOf, DASHES, SYMBOLS } from "../theme.ts";
import { toAxisFields } from "./axis-fields.ts";
import { formatIn, isKnown, type PlotAxis, toBottomAxis, toValueAxis } from "./plot-axis.ts";
import { drawWhisker } from "./whiskers.ts";

/** Labels beside points: so many, so long at most; else they would cover what they are about. */
const MOST_LABELS = 40;
const LONGEST_LABEL = 18;

export function toLinesPicture(chart: LinesChart): Picture {
  return {
    id: chart.id,
    title: chart.title,
    finding: chart.description,
    ...(chart.legend !== undefined && { legend: chart.legend }),
    height: 330,
    ...(chart.isWide && { isWide: true }),
    option: (look) => toOption(chart, look),
    table: () => toTable(chart),
    hrefOf: (series, point) => chart.series[series]?.points[point]?.href,
    stops: () =>
      chart.series.flatMap(({ points }, series) =>
        points.flatMap(({ y }, point): [number, number][] => (isKnown(y) ? [[series, point]] : [])),
      ),
  };
}

function toOption(chart: LinesChart, look: Look): EChartsOption {
  const { theme } = look;
  const { series, marks = [], description } = chart;
  const points = series.flatMap((one) => one.points);
  const at = (axis: "x" | "y") => marks.filter((mark) => mark.axis === axis).map((mark) => mark.at);
  const x = toBottomAxis(chart.x, [...points.map((point) => point.x), ...at("x")]);
  const y = toValueAxis(chart.y, [
    ...points.flatMap((p) => [p.y, p.low, p.high].filter(isKnown)),
    ...at("y"),
  ]);
  const names = series.length > 1 ? series.map(({ name }) => name) : [];
  return {
    ...frame(look, description),
    ...(names.length > 0 && { legend: { ...legend(look), data: names } }),
    grid: { ...grid(look, names), right: look.width < 480 ? 12 : 28, bottom: 4 },
    tooltip: { ...frame(look, description).tooltip, trigger: "item" },
    xAxis: toAxisFields(bottomAxis(theme, x.title, x.formatTick), x),
    yAxis: toAxisFields(valueAxis(theme, y.title, y.formatTick), y),
    series: [
      ...series.map((one, index) => toLine(chart, one, index, look, x, y)),
      ...series.flatMap((one, index) => toWhiskers(one, colourOf(theme, index), x, y)),
      toMarks(chart, look, x, y),
    ] as NonNullable<EChartsOption["series"]>,
  };
}

function toLine(chart: LinesChart, one: LinesSeries, index: number, look: Look, x: PlotAxis, y: PlotAxis) {
  const { theme } = look;
  const base = line(theme, index, one.name, []);
  // After the last colour both begin anew, shifted: no two of 36 lines are alike.
  const turn = index + Math.floor(index / SYMBOLS.length);
  const symbol = SYMBOLS[turn % SYMBOLS.length] as string;
  const isLabelled = chart.series.reduce((sum, { points }) => sum + points.length, 0) <= MOST_LABELS;
  const showsPoints = one.line !== "step" && one.points.length <= 60;
  return {
    ...base,
    type: one.line === "none" ? "scatter" : "line",
    symbol,
    symbolSize: one.line === "none" ? 10 : 7,
    ...(one.line === "step" && { step: "end" }),
    lineStyle: {
      ...base.lineStyle,
      type: one.dashed ? "dashed" : chart.series.length === 1 ? "solid" : DASHES[turn % DASHES.length],
    },
    data: one.points.map((point) => ({
      value: [x.place(point.x) ?? null, (isKnown(point.y) ? y.place(point.y) : undefined) ?? null],
      symbol: showsPoints || one.line === "none" || one.points.length === 1 ? symbol : "none",
      ...(point.href !== undefined && { cursor: "pointer" }),
      ...(isLabelled &&
        point.label !== undefined &&
        point.label.length <= LONGEST_LABEL && {
          label: {
            ...{ show: true, formatter: () => point.label ?? "", position: toSide(point, x), distance: 6 },
            ...{ color: theme.text, fontSize: 11, textBorderColor: theme.surface, textBorderWidth: 2 },
          },
        }),
    })),
    labelLayout: { hideOverlap: true },
    tooltip: {
      formatter: ({ dataIndex }: { dataIndex: number }) => {
        const point = one.points[dataIndex];
        return point === undefined ? "" : toTip(chart, one, point);
      },
    },
  };
}

/** Labels at the right end stand to the left: there is no room behind it. */
function toSide({ x: at }: LinePoint, { place, option: { min = 0, max = 1 } }: PlotAxis): "left" | "top" {
  return ((place(at) ?? min) - min) / (max - min) > 0.8 ? "left" : "top";
}

function toTip(chart: LinesChart, { name }: LinesSeries, point: LinePoint): string {
  return [
    `<b>${escapeText(name)}</b>${point.label === undefined ? "" : ` · ${escapeText(point.label)}`}`,
    `${escapeText(chart.x.title)}: ${escapeText(formatIn(chart.x.unit, point.x))}`,
    `${escapeText(chart.y.title)}: <b>${escapeText(toText(chart, point))}</b>`,
    ...(point.href === undefined ? [] : ["<i>press Enter or click to open</i>"]),
  ].join("<br>");
}

/** "12.1 ms (10.0 ms to 14.2 ms)". */
function toText({ y }: LinesChart, point: LinePoint): string {
  if (!isKnown(point.y)) return "";
  const value = formatIn(y.unit, point.y);
  if (!isKnown(point.low) || !isKnown(point.high)) return value;
  return `${value} (${formatIn(y.unit, point.low)} to ${formatIn(y.unit, point.high)})`;
}

function toWhiskers({ name, points }: LinesSeries, colour: string, x: PlotAxis, y: PlotAxis) {
  const data = points.flatMap((point) => {
    if (!isKnown(point.low) || !isKnown(point.high)) return [];
    // An end of 0 or less on an axis of magnitudes goes as far as the axis does.
    const ends = [x.place(point.x), y.place(point.low) ?? 0, y.place(point.high)];
    return ends.every(isKnown) ? [ends] : [];
  });
  if (data.length === 0) return [];
  return [
    {
      ...{ type: "custom", name, silent: true, z: 4, itemStyle: { color: colour }, data },
      ...{ encode: { x: 0, y: [1, 2] }, renderItem: drawWhisker(colour, false) },
    },
  ];
}

function toMarks({ marks = [] }: LinesChart, { theme }: Look, x: PlotAxis, y: PlotAxis) {
  const data = marks.flatMap(({ axis, at, label }) => {
    const place = (axis === "x" ? x : y).place(at);
    if (place === undefined) return [];
    const text = { formatter: () => label, color: theme.text, fontSize: 11 };
    const look = { textBorderColor: theme.surface, textBorderWidth: 3 };
    return [
      axis === "x"
        ? { xAxis: place, label: { ...text, ...look, position: "insideEndTop" } }
        : { yAxis: place, label: { ...text, ...look, position: "insideStartTop" } },
    ];
  });
  const style = { color: theme.text, width: 1.25, type: "dashed" };
  return {
    ...{ type: "line", name: "marks", data: [], silent: true },
    ...{ markLine: { symbol: "none", silent: true, lineStyle: style, data } },
  };
}

/** One column a line where they share their positions, else one row a point. */
function toTable(chart: LinesChart): ChartTable {
  const { x, y, series } = chart;
  const toCell = (point: LinePoint | undefined) => {
    const text = point === undefined ? "" : toText(chart, point);
    return point?.href === undefined || text === "" ? text : { text, href: point.href };
  };
  const positions = [...new Set(series.flatMap(({ points }) => points.map((point) => point.x)))];
  const areShared =
    series.length > 1 &&
    series.every(({ points }) => new Set(points.map((point) => point.x)).size === points.length) &&
    series.some(({ points }) => points.length === positions.length) &&
    series.every(({ points }) => points.every(({ label }) => label === undefined));
  if (areShared) {
    return {
      columns: [x.title, ...series.map(({ name }) => name)],
      rows: positions
        .sort((a, b) => a - b)
        .map((at) => [
          formatIn(x.unit, at),
          ...series.map(({ points }) => toCell(points.find((point) => point.x === at))),
        ]),
    };
  }
  return {
    columns: ["", "label", x.title, y.title],
    rows: series.flatMap(({ name, points }) =>
      points.map((point) => [name, point.label ?? "", formatIn(x.unit, point.x), toCell(point)]),
    ),
  };
}
