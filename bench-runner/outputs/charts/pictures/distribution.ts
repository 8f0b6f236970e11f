// How a time is distributed: a histogram above, the share of requests at or below each value under it.
//
// Percentiles are marked in both; its certified bound is a diamond at the end of a dotted line.
import type { EChartsOption } from "echarts";
import { formatNumber, formatValue } from "../../../../lib/core/units.ts";
import type { DistributionChart, DistributionMark } from "../chart-spec.ts";
import { colourOf, type Theme } from "../theme.ts";
import { formatTick } from "./axis-numbers.ts";
import { formatMs, type Plots, toEdges, toPlots, toRange, toScaleOf } from "./distribution-plots.ts";
import { drawBin, drawBound } from "./distribution-shapes.ts";
import { axisTitle, bottomAxis, frame, valueAxis } from "./echarts-parts.ts";
import { toFlagSeries } from "./flags.ts";
import type { ChartTable, Look, Picture } from "./picture.ts";
import type { Scale } from "./scale.ts";
import { toTextWidth } from "./text-width.ts";

/** Heights of the two plots, and the room for ticks and a title between them. */
const [COUNTS_HEIGHT, SHARES_HEIGHT, BETWEEN] = [120, 120, 32];

export function toDistributionPicture(chart: DistributionChart): Picture {
  return {
    heightAt: () => {
      const { top, ticks } = toPlots(chart, 0);
      return top + COUNTS_HEIGHT + BETWEEN + SHARES_HEIGHT + ticks;
    },
    option: (look) => toOption(chart, look),
    table: () => toTable(chart),
    stops: () => chart.bins.map((_, bin) => [0, bin]),
  };
}

function toTable(chart: DistributionChart): ChartTable {
  const { counted, marks, bins } = chart;
  const scale = toScaleOf(chart);
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
        .map(([from, to, count]) => {
          const [first = "", last = first] = toRange(from, to, scale);
          return [first, last, formatNumber(count, "count")];
        }),
    ],
  };
}

function toOption(chart: DistributionChart, look: Look): EChartsOption {
  const plots = toPlots(chart, look.width);
  const { scale, flags, left, top } = plots;
  const titles = [
    axisTitle(look, chart.counted, top - 16),
    axisTitle(look, "share at or below", top + COUNTS_HEIGHT + 14),
  ];
  return {
    ...frame(look, chart.description),
    title: titles,
    ...toAxes(plots, look.theme),
    series: [
      ...toHistogram(chart, scale, look.theme),
      ...toFlagSeries("percentiles", flags, look, 0, Math.min(left, toTextWidth(chart.counted, 11) + 4)),
      ...toShares(chart, scale, look.theme),
    ] as NonNullable<EChartsOption["series"]>,
  };
}

function toAxes({ scale, left, top, ticks: ticksHeight }: Plots, theme: Theme) {
  // Without room of their own for labels, so that both have the same left edge: a mark is at the same place in both.
  const box = { left, right: 24, outerBoundsMode: "none" as const };
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
  return {
    grid: [
      { ...box, top, height: COUNTS_HEIGHT },
      { ...box, top: top + COUNTS_HEIGHT + BETWEEN, bottom: ticksHeight },
    ],
    xAxis: [
      { ...xAxis, name: "", axisLabel: { show: false }, gridIndex: 0 },
      { ...xAxis, gridIndex: 1 },
    ],
    yAxis: [
      {
        ...valueAxis(theme, (count) => formatNumber(count, "count")),
        gridIndex: 0,
        splitNumber: 3,
        minInterval: 1,
      },
      {
        ...valueAxis(theme, (share) => formatValue(share, "share")),
        gridIndex: 1,
        min: 0,
        max: 1,
        splitNumber: 2,
      },
    ],
  };
}

function toHistogram({ bins, counted }: DistributionChart, scale: Scale, theme: Theme) {
  const total = bins.reduce((sum, [, , count]) => sum + count, 0);
  return [
    {
      type: "custom",
      name: "histogram",
      data: bins.map(([from, to, count]) => [...toEdges(from, to, scale), count]),
      encode: { x: [0, 1], y: 2 },
      renderItem: drawBin(colourOf(theme, 0)),
      tooltip: {
        formatter: ({ dataIndex }: { dataIndex: number }) => {
          const [from, to, count] = bins[dataIndex] as [number, number, number];
          return `${toRange(from, to, scale).join(" to ")}<br><b>${formatNumber(count, "count")}</b> ${counted} (${formatValue(count / total, "share")})`;
        },
      },
    },
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
