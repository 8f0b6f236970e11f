// Grouped bars, with whiskers and links: upright, or lying where their names need room.
import type { EChartsOption } from "echarts";
import { escapeHtml } from "../../html.ts";
import type { BarsChart, BarsSeries } from "../chart-spec.ts";
import { colourOf } from "../theme.ts";
import { formatAlone, formatIn, isKnown } from "./axis-numbers.ts";
import { type Layout, toCategoryAxis, toLayout, toShades } from "./category-axis.ts";
import { bottomAxis, frame, plotBelow, valueAxis, withExtent } from "./echarts-parts.ts";
import { type LegendName, toLegendHeight, toShadeNames, toShadeSeries } from "./legend.ts";
import type { ChartTable, Look, Picture, Stop } from "./picture.ts";
import { type PlotAxis, toValueAxis } from "./plot-axis.ts";
import { toTextWidth } from "./text-width.ts";
import { drawWhisker } from "./whiskers.ts";

const GAPS = { barGap: "8%", barCategoryGap: "24%", barMaxWidth: 48 };
export function toBarsPicture(chart: BarsChart): Picture {
  const layout = toLayout(chart);
  return {
    heightAt: (width) => toHeight(chart, layout) + toLegendHeight(toNames(chart), width),
    option: (look) => toOption(chart, layout, look),
    table: () => toTable(chart),
    hrefOf: (series, category) => chart.series[series]?.hrefs?.[category] ?? undefined,
    stops: () =>
      chart.categories.flatMap((_, category) => {
        const stops = chart.series.flatMap(({ values }, series): Stop[] =>
          isKnown(values[category]) ? [[series, category]] : [],
        );
        if (layout !== "intervals") return stops;
        return isEmpty(chart, category) ? [] : stops.slice(0, 1);
      }),
  };
}

function toHeight({ categories, series }: BarsChart, layout: Layout): number {
  if (layout === "intervals") return 250;
  if (layout === "lying") return 48 + categories.length * (18 + 18 * series.length);
  return 290;
}

/** Nothing was counted in an interval. */
function isEmpty({ series }: BarsChart, category: number): boolean {
  return series.every(({ values }) => (values[category] ?? 0) === 0);
}

function toOption(chart: BarsChart, layout: Layout, look: Look): EChartsOption {
  const { series, description } = chart;
  const isLying = layout === "lying";
  const heights = chart.isStacked
    ? chart.categories.map((_, at) => series.reduce((sum, { values }) => sum + (values[at] ?? 0), 0))
    : series.flatMap(({ values, low = [], high = [] }) => [...values, ...low, ...high]);
  const axis = toValueAxis(chart.y, heights.filter(isKnown));
  const values = toValues(look, axis, isLying);
  const labelled = toCategoryAxis(chart, layout, look);
  const base = frame(look, description);
  return {
    ...base,
    // Adjacent bars are told apart without colour, too.
    aria: { enabled: true, label: { description }, decal: { show: toNames(chart).length > 0 } },
    ...toRoom(chart, look, layout, axis.title),
    tooltip: {
      ...base.tooltip,
      ...(layout === "intervals"
        ? { trigger: "axis", axisPointer: { type: "shadow" } }
        : { trigger: "item" }),
    },
    ...(isLying ? { xAxis: values, yAxis: labelled } : { xAxis: labelled, yAxis: values }),
    series: [
      ...series.map((one, index) => toBars(chart, one, index, layout, look, axis)),
      ...toShadeSeries(look.theme, toShades(chart), {
        type: "bar",
        ...(chart.isStacked && { stack: "bars" }),
      }),
      ...series.flatMap((one, index) => toWhiskers(one, index, series.length, isLying, look, axis)),
    ] as NonNullable<EChartsOption["series"]>,
  };
}

function toValues({ theme }: Look, axis: PlotAxis, isLying: boolean) {
  if (!isLying) return withExtent(valueAxis(theme, axis.formatTick), axis);
  return {
    ...withExtent(bottomAxis(theme, axis.title, axis.formatTick), axis),
    splitLine: { show: true, lineStyle: { color: theme.line } },
  };
}

/** One kind of bars alone needs no name; what a stack consists of is always said. */
function toNames({ series, isStacked, shades = [] }: BarsChart): LegendName[] {
  const named = series.length > 1 || isStacked ? series : [];
  return [...named.map(({ name }) => name), ...toShadeNames(shades)];
}

/** Lying bars have their axis' title below, and numbers after their ends. */
function toRoom(chart: BarsChart, look: Look, layout: Layout, title: string) {
  const isLying = layout === "lying";
  const room = plotBelow(look, { names: toNames(chart), title: isLying ? "" : title });
  const numbers = chart.series.flatMap(({ values }) => values.filter(isKnown));
  const widest = Math.max(0, ...numbers.map((value) => toTextWidth(formatAlone(chart.y.unit, value), 11)));
  return isLying ? { ...room, grid: { ...room.grid, right: widest + 10 } } : room;
}

function toBars(
  chart: BarsChart,
  one: BarsSeries,
  index: number,
  layout: Layout,
  look: Look,
  axis: PlotAxis,
) {
  const { theme } = look;
  return {
    type: "bar",
    name: one.name,
    itemStyle: { color: colourOf(theme, one.colour ?? index) },
    ...(layout === "intervals" ? { barCategoryGap: "10%" } : GAPS),
    ...(chart.isStacked && { stack: "bars" }),
    data: chart.categories.map((_, category) => {
      const value = one.values[category];
      return {
        value: isKnown(value) ? (axis.place(value) ?? "-") : "-",
        ...(one.hrefs?.[category] && { cursor: "pointer" }),
      };
    }),
    emphasis: { disabled: true },
    ...(layout === "intervals"
      ? { tooltip: { valueFormatter: (_: unknown, at: number) => toText(chart, one, at) || "–" } }
      : toNumbers(chart, one, layout, look)),
  };
}

/** The number at each bar, where there is room, and the tooltip of each. */
function toNumbers(chart: BarsChart, one: BarsSeries, layout: Layout, { theme, width }: Look) {
  const { categories, series } = chart;
  const bars = categories.length * series.length;
  const hasWhiskers = series.some(({ low, high }) => low?.some(isKnown) && high?.some(isKnown));
  return {
    label: {
      show: !hasWhiskers && (layout === "lying" || width / bars > 44),
      position: layout === "lying" ? "right" : "top",
      color: theme.text,
      fontSize: 11,
      formatter: ({ dataIndex }: { dataIndex: number }) => {
        const value = one.values[dataIndex];
        return isKnown(value) ? formatAlone(chart.y.unit, value) : "";
      },
    },
    labelLayout: { hideOverlap: true },
    tooltip: {
      formatter: ({ dataIndex }: { dataIndex: number }) =>
        [
          `${escapeHtml(categories[dataIndex] ?? "")} · ${escapeHtml(one.name)}`,
          `<b>${escapeHtml(toText(chart, one, dataIndex))}</b>`,
          ...(one.hrefs?.[dataIndex] ? ["<i>press Enter or click to open</i>"] : []),
        ].join("<br>"),
    },
  };
}

/** "12.1 ms (10.0 ms to 14.2 ms)", "" where there is no value. */
function toText({ y }: BarsChart, { values, low, high }: BarsSeries, category: number): string {
  const [value, from, to] = [values[category], low?.[category], high?.[category]];
  if (!isKnown(value)) return "";
  const text = formatIn(y.unit, value);
  return isKnown(from) && isKnown(to)
    ? `${text} (${formatIn(y.unit, from)} to ${formatIn(y.unit, to)})`
    : text;
}

function toWhiskers(
  { name, low = [], high = [], values }: BarsSeries,
  index: number,
  count: number,
  isLying: boolean,
  { theme }: Look,
  axis: PlotAxis,
) {
  const data = values.flatMap((_, category) => {
    const [from, to] = [low[category], high[category]];
    if (!isKnown(from) || !isKnown(to)) return [];
    const ends = [category, axis.place(from) ?? 0, axis.place(to)];
    return ends.every(isKnown) ? [ends] : [];
  });
  if (data.length === 0) return [];
  const renderItem = drawWhisker(theme.text, isLying, (api) => {
    // Bars that the legend hides leave their room to the others.
    const shown = api.currentSeriesIndices().filter((series) => series < count);
    const layout = api.barLayout({ ...GAPS, count: shown.length }) ?? [];
    const { offsetCenter = 0 } = layout[shown.indexOf(index)] ?? {};
    return offsetCenter;
  });
  return [
    {
      type: "custom",
      name,
      silent: true,
      z: 5,
      itemStyle: { color: colourOf(theme, index) },
      data,
      encode: isLying ? { x: [1, 2], y: 0 } : { x: 0, y: [1, 2] },
      renderItem,
    },
  ];
}

function toTable(chart: BarsChart): ChartTable {
  const { x, categories, series } = chart;
  const rows = categories.map((name, category) => [
    name,
    ...series.map((one) => {
      const text = toText(chart, one, category);
      const href = one.hrefs?.[category];
      return text === "" || !href ? text : { text, href };
    }),
  ]);
  return {
    columns: [x?.column ?? "", ...series.map(({ name }) => name)],
    rows: x === undefined ? rows : rows.filter((_, category) => !isEmpty(chart, category)),
  };
}
