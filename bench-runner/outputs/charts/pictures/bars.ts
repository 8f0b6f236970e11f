// Grouped bars, with whiskers and links: upright, or lying where their names need room.
import type { EChartsOption } from "echarts";
import type { BarsChart, BarsSeries } from "../../chart-page/chart-page.ts";
import { bottomAxis, frame, grid, legend, valueAxis } from "../report/axes.ts";
import type { ChartTable, Look, Picture } from "../report/chart.ts";
import { escapeText } from "../report/words.ts";
import { colourOf } from "../theme.ts";
import { toAxisFields } from "./axis-fields.ts";
import { formatIn, isKnown, type PlotAxis, toValueAxis } from "./plot-axis.ts";
import { drawWhisker } from "./whiskers.ts";

const GAPS = { barGap: "8%", barCategoryGap: "24%", barMaxWidth: 48 };
/** Upright bars have so many names, so long at most. */
const MOST_UPRIGHT = 6;
const LONGEST_UPRIGHT = 14;
/** More numbers than this at bars would run into each other. */
const MOST_NUMBERS = 30;

export function toBarsPicture(chart: BarsChart): Picture {
  const isLying = needsRoom(chart);
  const height = isLying
    ? 64 + chart.categories.length * (18 + 18 * chart.series.length)
    : 300 + (chart.series.length > 6 ? 36 : 0);
  return {
    id: chart.id,
    title: chart.title,
    finding: chart.description,
    ...(chart.legend !== undefined && { legend: chart.legend }),
    height,
    ...(chart.isWide && { isWide: true }),
    option: (look) => toOption(chart, isLying, look),
    table: () => toTable(chart),
    hrefOf: (series, category) => chart.series[series]?.hrefs?.[category] ?? undefined,
    stops: () =>
      chart.categories.flatMap((_, category) =>
        chart.series.flatMap(({ values }, series): [number, number][] =>
          isKnown(values[category]) ? [[series, category]] : [],
        ),
      ),
  };
}

function needsRoom({ categories, series }: BarsChart): boolean {
  return (
    categories.length > MOST_UPRIGHT ||
    categories.length * series.length > MOST_NUMBERS ||
    categories.some((name) => name.length > LONGEST_UPRIGHT)
  );
}

function toOption(chart: BarsChart, isLying: boolean, look: Look): EChartsOption {
  const { theme, width } = look;
  const { series, categories, description } = chart;
  const all = series.flatMap(({ values, low = [], high = [] }) => [...values, ...low, ...high]);
  const axis = toValueAxis(chart.y, all.filter(isKnown));
  const names = series.length > 1 ? series.map(({ name }) => name) : [];
  const make = isLying ? bottomAxis : valueAxis;
  const values = {
    ...toAxisFields(make(theme, axis.title, axis.formatTick), axis),
    ...(isLying && { splitLine: { show: true, lineStyle: { color: theme.line } } }),
  };
  const labelled = {
    ...bottomAxis(theme, "", () => ""),
    type: "category" as const,
    data: categories,
    axisTick: { show: false },
    axisLabel: {
      ...{ color: theme.text, fontSize: 11, lineHeight: 13, interval: 0, overflow: "break" as const },
      width: isLying
        ? Math.min(260, width * 0.34, 8 + 6.6 * Math.max(...categories.map((name) => name.length)))
        : (width - 64) / categories.length - 4,
    },
    ...(isLying && { inverse: true }),
  };
  return {
    ...frame(look, description),
    // Bars that stand side by side are told apart without colour, too.
    aria: { enabled: true, label: { description }, decal: { show: series.length > 1 } },
    ...(names.length > 0 && { legend: { ...legend(look), itemHeight: 14, data: names } }),
    grid: toGrid(look, names, isLying),
    tooltip: { ...frame(look, description).tooltip, trigger: "item" },
    ...(isLying ? { xAxis: values, yAxis: labelled } : { xAxis: labelled, yAxis: values }),
    series: [
      ...series.map((one, index) => toBars(chart, one, index, isLying, look, axis)),
      ...series.flatMap((one, index) => toWhiskers(one, index, series.length, isLying, look, axis)),
    ] as NonNullable<EChartsOption["series"]>,
  };
}

/** Lying bars have their axis' name below, and numbers behind their ends. */
function toGrid(look: Look, names: readonly string[], isLying: boolean) {
  const { top, ...room } = grid(look, names);
  return isLying ? { ...room, top: top - 16, right: 48 } : { ...room, top, right: 12 };
}

function toBars(
  chart: BarsChart,
  one: BarsSeries,
  index: number,
  isLying: boolean,
  { theme, width }: Look,
  axis: PlotAxis,
) {
  const bars = chart.categories.length * chart.series.length;
  const hasWhiskers = chart.series.some(({ low, high }) => low?.some(isKnown) && high?.some(isKnown));
  return {
    ...{ type: "bar", name: one.name, ...GAPS, itemStyle: { color: colourOf(theme, index) } },
    data: chart.categories.map((_, category) => {
      const value = one.values[category];
      return {
        value: isKnown(value) ? (axis.place(value) ?? "-") : "-",
        ...(one.hrefs?.[category] && { cursor: "pointer" }),
      };
    }),
    emphasis: { disabled: true },
    label: {
      show: !hasWhiskers && (isLying || width / bars > 44),
      position: isLying ? "right" : "top",
      ...{ color: theme.text, fontSize: 11 },
      formatter: ({ dataIndex }: { dataIndex: number }) => {
        const value = one.values[dataIndex];
        return isKnown(value) ? axis.formatShort(value) : "";
      },
    },
    labelLayout: { hideOverlap: true },
    tooltip: {
      formatter: ({ dataIndex }: { dataIndex: number }) =>
        [
          `${escapeText(chart.categories[dataIndex] ?? "")} · ${escapeText(one.name)}`,
          `<b>${escapeText(toText(chart, one, dataIndex))}</b>`,
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
      ...{ type: "custom", name, silent: true, z: 5, itemStyle: { color: colourOf(theme, index) }, data },
      ...{ encode: isLying ? { x: [1, 2], y: 0 } : { x: 0, y: [1, 2] }, renderItem },
    },
  ];
}

function toTable(chart: BarsChart): ChartTable {
  const { categories, series } = chart;
  return {
    columns: ["", ...series.map(({ name }) => name)],
    rows: categories.map((name, category) => [
      name,
      ...series.map((one) => {
        const text = toText(chart, one, category);
        const href = one.hrefs?.[category];
        return text === "" || !href ? text : { text, href };
      }),
    ]),
  };
}
