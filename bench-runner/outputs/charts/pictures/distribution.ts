// How a time is distributed: a histogram above, the share of requests at or below each value under it.
//
// Percentiles are marked in both; its certified bound is a diamond at the end of a dotted line.
import type { EChartsOption } from "echarts";
import { formatNumber, formatValue } from "../../../../lib/core/units.ts";
import type { DistributionChart, DistributionMark } from "../chart-spec.ts";
import { colourOf, type Theme } from "../theme.ts";
import { formatTick } from "./axis-numbers.ts";
import {
  drawBin,
  drawBound,
  drawMarkLabel,
  drawMarkLine,
  LABEL_HEIGHT,
  toMarkPlaces,
} from "./distribution-shapes.ts";
import { bottomAxis, frame, valueAxis } from "./echarts-parts.ts";
import type { ChartTable, Look, Picture } from "./picture.ts";
import { type Scale, toScale } from "./scale.ts";

export function toDistributionPicture(chart: DistributionChart): Picture {
  return {
    height: 370,
    option: (look) => toOption(chart, look),
    table: () => toTable(chart),
    stops: () => chart.bins.map((_, bin) => [0, bin]),
  };
}

function toTable({ counted, marks, bins }: DistributionChart): ChartTable {
  return {
    columns: ["from", "to", counted],
    rows: [
      ...marks.map(({ name, ms, isUncertain, certifiedMs }) => [
        name + (isUncertain ? "*" : ""),
        formatMs(ms),
        certifiedMs === undefined ? "not certified" : `certified: at most ${formatMs(certifiedMs)}`,
      ]),
      ...bins
        .filter(([, , count]) => count > 0)
        .map(([from, to, count]) => [formatMs(from), formatMs(to), formatNumber(count, "count")]),
    ],
  };
}

function formatMs(ms: number): string {
  return formatValue(ms, "ms");
}

/** The two plots, one above the other, over the same scale. */
interface Plots {
  scale: Scale;
  /** Where the upper one begins: below the labels of the percentiles. */
  top: number;
}

function toOption(chart: DistributionChart, look: Look): EChartsOption {
  const { bins, cdf, marks, isLog, description } = chart;
  const first = bins[0]?.[0] ?? cdf[0]?.[0] ?? 0;
  const last = Math.max(bins.at(-1)?.[1] ?? 1, ...marks.map(({ certifiedMs = 0 }) => certifiedMs));
  const scale = toScale(isLog, first, last, bins.find(([, to]) => to > 0)?.[1] ?? 1);
  const plots = { scale, top: marks.length * LABEL_HEIGHT + 10 };
  return {
    ...frame(look, description),
    ...toAxes(chart, plots, look.theme),
    series: [...toHistogram(chart, scale, look.theme), ...toShares(chart, scale, look.theme)] as NonNullable<
      EChartsOption["series"]
    >,
  };
}

function toAxes({ counted }: DistributionChart, { scale, top }: Plots, theme: Theme) {
  // Without room of their own for labels, so that both have the same left edge: a mark is at the same place in both.
  const box = { left: 52, right: 14, outerBoundsMode: "none" as const };
  const ticks = scale.ticks && { customValues: scale.ticks };
  const bottom = bottomAxis(theme, scale.isLog ? "ms (by magnitude)" : "", (place) =>
    formatTick(scale.valueAt(place)),
  );
  const xAxis = {
    ...bottom,
    min: scale.min,
    max: scale.max,
    // The ends of an even scale are not round numbers.
    axisLabel: { ...bottom.axisLabel, showMinLabel: scale.isLog, showMaxLabel: scale.isLog, ...ticks },
    axisTick: { ...bottom.axisTick, ...ticks },
  };
  const counts = valueAxis(theme, counted, (count) => formatNumber(count, "count"));
  const shares = valueAxis(theme, "share at or below", (share) => formatValue(share, "share"));
  return {
    grid: [
      { ...box, top, height: 120 },
      { ...box, top: top + 152, bottom: scale.isLog ? 42 : 28 },
    ],
    xAxis: [
      { ...xAxis, name: "", axisLabel: { show: false }, gridIndex: 0 },
      { ...xAxis, gridIndex: 1 },
    ],
    yAxis: [
      {
        ...counts,
        gridIndex: 0,
        splitNumber: 3,
        nameTextStyle: { ...counts.nameTextStyle, padding: [0, 0, -6, -42] },
        minInterval: 1,
      },
      { ...shares, gridIndex: 1, min: 0, max: 1, splitNumber: 2 },
    ],
  };
}

function toHistogram({ bins, marks, counted }: DistributionChart, scale: Scale, theme: Theme) {
  const total = bins.reduce((sum, [, , count]) => sum + count, 0);
  const places = toMarkPlaces(marks, scale);
  return [
    {
      type: "custom",
      name: "histogram",
      data: bins.map(([from, to, count]) => [scale.place(from), scale.place(to), count]),
      encode: { x: [0, 1], y: 2 },
      renderItem: drawBin(colourOf(theme, 0)),
      tooltip: {
        formatter: ({ dataIndex }: { dataIndex: number }) => {
          const [from, to, count] = bins[dataIndex] as [number, number, number];
          return `${formatMs(from)} to ${formatMs(to)}<br><b>${formatNumber(count, "count")}</b> ${counted} (${formatValue(count / total, "share")})`;
        },
      },
    },
    ...[drawMarkLine, drawMarkLabel].map((draw, layer) => ({
      type: "custom",
      name: `percentiles ${layer}`,
      data: marks.map(({ ms }, index) => [scale.place(ms), 0, index]),
      silent: true,
      clip: false,
      z: 5 + layer,
      renderItem: draw(places, theme),
    })),
  ];
}

/** In the lower plot: the curve, the percentiles on it, their certified bounds. */
function toShares({ cdf, marks }: DistributionChart, scale: Scale, theme: Theme) {
  const lower = { xAxisIndex: 1, yAxisIndex: 1 };
  return [
    {
      ...lower,
      type: "line",
      name: "share at or below",
      step: "end",
      symbol: "none",
      data: cdf.map(([ms, share]) => [scale.place(ms), share]),
      lineStyle: { color: colourOf(theme, 0), width: 2 },
      silent: true,
    },
    { ...lower, ...toPercentilePoints(marks, scale, theme) },
    {
      ...lower,
      type: "custom",
      name: "certified",
      silent: true,
      data: marks.flatMap(({ share, ms, certifiedMs }) =>
        certifiedMs === undefined ? [] : [[scale.place(ms), share, scale.place(certifiedMs)]],
      ),
      renderItem: drawBound(colourOf(theme, 1)),
    },
  ];
}

function toPercentilePoints(marks: DistributionMark[], scale: Scale, theme: Theme) {
  return {
    type: "scatter",
    name: "percentile",
    symbol: "circle",
    symbolSize: 8,
    z: 5,
    data: marks.map(({ share, ms, isUncertain }) => ({
      value: [scale.place(ms), share],
      itemStyle: { color: isUncertain ? theme.surface : colourOf(theme, 1) },
    })),
    itemStyle: { opacity: 1, borderColor: colourOf(theme, 1), borderWidth: 2 },
    tooltip: {
      formatter: ({ dataIndex }: { dataIndex: number }) => {
        const { name, ms, isUncertain, certifiedMs } = marks[dataIndex] as DistributionMark;
        return [
          `<b>${name}: ${formatMs(ms)}</b>`,
          ...(isUncertain ? ["too few requests to be certain"] : []),
          ...(certifiedMs === undefined ? [] : [`certified: at most ${formatMs(certifiedMs)}`]),
        ].join("<br>");
      },
    },
  };
}
