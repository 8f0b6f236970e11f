// How a time is distributed: a histogram above, the share of requests at or below each value under it.
//
// Percentiles are marked in both; what is certified of one is a diamond at the end of a dotted line.
import type { EChartsOption } from "echarts";
import { formatNumber, formatValue } from "../../../../lib/core/units.ts";
import type { Distribution, PercentileMark } from "../../../summary/series/report-data.ts";
import { colourOf, type Theme } from "../theme.ts";
import { bottomAxis, frame, valueAxis } from "./axes.ts";
import type { Chart, Look } from "./chart.ts";
import {
  drawBin,
  drawBound,
  drawMarkLabel,
  drawMarkLine,
  LABEL_HEIGHT,
  toMarkPlaces,
} from "./distribution-shapes.ts";
import { type Scale, toScale } from "./scale.ts";
import { formatMs, formatTick, listed } from "./words.ts";

export const SHARES = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 } as const;

/** As the field calls them. */
const SHORT = {
  ttft: "TTFT",
  scheduledTtft: "scheduled TTFT",
  tpot: "TPOT",
  itl: "ITL",
  e2e: "E2E",
} as const;

export function toDistributionChart(given: Distribution): Chart {
  // Gaps of one answer depend on each other: their percentiles are never certified, which says nothing of this run.
  const isGaps = given.key === "itl";
  const distribution = isGaps
    ? { ...given, marks: given.marks.map((mark) => ({ ...mark, isUncertain: false })) }
    : given;
  const { key, label, bins, marks } = distribution;
  return {
    id: `distribution-${key}`,
    section: "latency",
    title: `${label}${label.includes(SHORT[key]) ? "" : ` (${SHORT[key]})`}`,
    finding: toFinding(distribution),
    legend: toLegend(distribution),
    height: 370,
    option: (look) => toOption(distribution, look),
    table: () => ({
      columns: ["from", "to", whatIsCounted(key)],
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
    }),
  };
}

function whatIsCounted(key: Distribution["key"]): string {
  return key === "itl" ? "gaps" : "requests";
}

function toFinding({ key, label, marks }: Distribution): string {
  const at = Object.fromEntries(marks.map(({ name, ms }) => [name, ms]));
  const what = key === "itl" ? "gaps between tokens" : "requests";
  const parts = [
    at.p50 === undefined ? "" : `half of the ${what} took at most ${formatMs(at.p50)}`,
    at.p95 === undefined ? "" : `95 % at most ${formatMs(at.p95)}`,
    at.p99 === undefined ? "" : `99 % at most ${formatMs(at.p99)}`,
  ].filter(Boolean);
  return parts.length === 0 ? `${label}: no values.` : `${label}: ${listed(parts)}.`;
}

function toLegend({ marks }: Distribution): string {
  const uncertain = marks.filter(({ isUncertain }) => isUncertain).map(({ name }) => name);
  const certified = marks.filter(({ certifiedMs }) => certifiedMs !== undefined);
  return [
    uncertain.length > 0 ? `* ${listed(uncertain)}: too few requests to be certain; dashed, hollow.` : "",
    certified.length > 0
      ? `◆ certified, at 99 % confidence: ${listed(certified.map(({ name, certifiedMs }) => `${name} at most ${formatMs(certifiedMs)}`))}.`
      : "",
  ]
    .filter(Boolean)
    .join(" ");
}

function toOption(distribution: Distribution, look: Look): EChartsOption {
  const { key, bins, cdf, marks, isLog = false } = distribution;
  const { theme } = look;
  const first = bins[0]?.[0] ?? cdf[0]?.[0] ?? 0;
  const last = Math.max(bins.at(-1)?.[1] ?? 1, ...marks.map(({ certifiedMs = 0 }) => certifiedMs));
  const scale = toScale(isLog, first, last, bins.find(([, to]) => to > 0)?.[1] ?? 1);
  const total = bins.reduce((sum, [, , count]) => sum + count, 0);
  const top = marks.length * LABEL_HEIGHT + 10;
  // Without room of their own for labels, so that both have the same left edge: a mark is at the same place in both.
  const box = { left: 52, right: 14, outerBoundsMode: "none" as const };
  const xAxis = {
    ...bottomAxis(theme, scale.isLog ? "ms (by magnitude)" : "", (place) => formatTick(scale.valueAt(place))),
    min: scale.min,
    max: scale.max,
  };
  // The ends of an even scale are no round numbers.
  Object.assign(xAxis.axisLabel, { showMinLabel: scale.isLog, showMaxLabel: scale.isLog });
  if (scale.ticks) Object.assign(xAxis.axisTick, { customValues: scale.ticks });
  if (scale.ticks) Object.assign(xAxis.axisLabel, { customValues: scale.ticks });
  return {
    ...frame(look, toFinding(distribution)),
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
        ...valueAxis(theme, whatIsCounted(key), (count) => formatNumber(count, "count")),
        gridIndex: 0,
        splitNumber: 3,
        nameTextStyle: { color: theme.muted, fontSize: 11, align: "left", padding: [0, 0, -6, -42] },
        minInterval: 1,
      },
      {
        ...valueAxis(theme, "share at or below", (share) => formatValue(share, "share")),
        gridIndex: 1,
        min: 0,
        max: 1,
        splitNumber: 2,
      },
    ],
    series: [
      {
        type: "custom",
        name: "histogram",
        data: bins.map(([from, to, count]) => [scale.place(from), scale.place(to), count]),
        encode: { x: [0, 1], y: 2 },
        renderItem: drawBin(colourOf(theme, 0)),
        tooltip: {
          formatter: ({ dataIndex }: { dataIndex: number }) => {
            const [from, to, count] = bins[dataIndex] as [number, number, number];
            return `${formatMs(from)} to ${formatMs(to)}<br><b>${formatNumber(count, "count")}</b> ${whatIsCounted(key)} (${formatValue(count / total, "share")})`;
          },
        },
      },
      ...[drawMarkLine, drawMarkLabel].map((draw, layer) => ({
        type: "custom" as const,
        name: `percentiles ${layer}`,
        data: marks.map(({ ms }, index) => [scale.place(ms), 0, index]),
        silent: true,
        clip: false,
        z: 5 + layer,
        renderItem: draw(toMarkPlaces(marks, scale), theme),
      })),
      {
        type: "line",
        name: "share at or below",
        xAxisIndex: 1,
        yAxisIndex: 1,
        step: "end",
        symbol: "none",
        data: cdf.map(([ms, share]) => [scale.place(ms), share]),
        lineStyle: { color: colourOf(theme, 0), width: 2 },
        silent: true,
      },
      toPercentilePoints(marks, scale, theme),
      {
        type: "custom",
        name: "certified",
        xAxisIndex: 1,
        yAxisIndex: 1,
        silent: true,
        data: marks.flatMap(({ name, ms, certifiedMs }) =>
          certifiedMs === undefined ? [] : [[scale.place(ms), SHARES[name], scale.place(certifiedMs)]],
        ),
        renderItem: drawBound(colourOf(theme, 1)),
      },
    ],
  };
}

function toPercentilePoints(marks: PercentileMark[], scale: Scale, theme: Theme) {
  return {
    type: "scatter" as const,
    name: "percentile",
    xAxisIndex: 1,
    yAxisIndex: 1,
    symbol: "circle",
    symbolSize: 8,
    z: 5,
    data: marks.map(({ name, ms, isUncertain }) => ({
      value: [scale.place(ms), SHARES[name]],
      itemStyle: { color: isUncertain ? theme.surface : colourOf(theme, 1) },
    })),
    itemStyle: { opacity: 1, borderColor: colourOf(theme, 1), borderWidth: 2 },
    tooltip: {
      formatter: ({ dataIndex }: { dataIndex: number }) => {
        const { name, ms, isUncertain, certifiedMs } = marks[dataIndex] as PercentileMark;
        return [
          `<b>${name}: ${formatMs(ms)}</b>`,
          ...(isUncertain ? ["too few requests to be certain"] : []),
          ...(certifiedMs === undefined ? [] : [`certified: at most ${formatMs(certifiedMs)}`]),
        ].join("<br>");
      },
    },
  };
}
