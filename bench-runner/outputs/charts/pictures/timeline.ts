// Requests as rows of parts over time, with strokes for moments within them and a word where one did not complete.
import type { EChartsOption } from "echarts";
import { formatValue } from "../../../../lib/core/units.ts";
import { escapeHtml } from "../../html.ts";
import type { TimelineChart } from "../chart-spec.ts";
import { formatTick } from "./axis-numbers.ts";
import { bottomAxis, frame } from "./echarts-parts.ts";
import { legend, toLegendHeight } from "./legend.ts";
import type { ChartTable, Look, Picture, Stop } from "./picture.ts";
import { drawFault, drawSpan, drawTick, toFaultWidth, toFill } from "./timeline-shapes.ts";

/** The axis ends at this multiple of the longest row. */
const BEYOND_LONGEST = 1.02;

export function toTimelinePicture(chart: TimelineChart): Picture {
  return {
    heightAt: (width) => 66 + chart.rows.length * 34 + toLegendHeight(toNames(chart), width),
    option: (look) => toOption(chart, look),
    table: () => toTable(chart),
    stops: () => toStops(chart),
  };
}

/** The first part of each row. */
function toStops({ parts, rows }: TimelineChart): Stop[] {
  const counts = parts.map(() => 0);
  return rows.flatMap(({ spans }): Stop[] => {
    const stops = parts.flatMap((part, series): Stop[] => {
      const own = spans.filter((span) => span.part === part).length;
      const first = counts[series] ?? 0;
      counts[series] = first + own;
      return own > 0 ? [[series, first]] : [];
    });
    return stops.slice(0, 1);
  });
}

function toTable({ columns, parts, rows }: TimelineChart): ChartTable {
  return {
    columns: [...columns, ...parts],
    rows: rows.map(({ name, facts, spans }) => [
      name,
      ...facts,
      ...parts.map((part) => {
        const span = spans.find((one) => one.part === part);
        return span === undefined ? "" : formatValue(span.to - span.from, "ms");
      }),
    ]),
  };
}

function toOption(chart: TimelineChart, look: Look): EChartsOption {
  const isNarrow = look.width < 480;
  const left = isNarrow ? 30 : 150;
  return {
    ...frame(look, chart.description),
    legend: legend(look, toNames(chart)),
    grid: {
      left,
      right: look.width - left - toPlotWidth(chart, look.width - left),
      top: toLegendHeight(toNames(chart), look.width) + 16,
      bottom: 40,
    },
    ...toAxes(chart, look, isNarrow),
    series: toSeries(chart, look) as NonNullable<EChartsOption["series"]>,
  };
}

/** The parts that any row has. */
function toNames({ parts, rows }: TimelineChart): string[] {
  return parts.filter((part) => rows.some(({ spans }) => spans.some((one) => one.part === part)));
}

function toLongest({ rows }: TimelineChart): number {
  return Math.max(...rows.flatMap(({ spans, fault }) => [fault?.at ?? 0, ...spans.map(({ to }) => to)]));
}

/** As wide as leaves room for the word at the end of each row that did not complete. */
function toPlotWidth(chart: TimelineChart, width: number): number {
  const end = toLongest(chart) * BEYOND_LONGEST;
  const widths = chart.rows.flatMap(({ fault }) =>
    fault === undefined ? [] : [((width - toFaultWidth(fault.label)) * end) / fault.at],
  );
  return Math.min(width - 16, ...widths);
}

function toAxes(chart: TimelineChart, { theme }: Look, isNarrow: boolean) {
  const { axis, rows } = chart;
  const bottom = bottomAxis(theme, axis, formatTick);
  return {
    xAxis: {
      ...bottom,
      min: 0,
      max: toLongest(chart) * BEYOND_LONGEST,
      axisLabel: { ...bottom.axisLabel, showMaxLabel: false },
    },
    yAxis: {
      type: "category" as const,
      inverse: true,
      data: rows.map(({ name }, index) => (isNarrow ? `${index + 1}` : `${index + 1} · ${name}`)),
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: {
        color: theme.text,
        fontSize: 11,
        width: isNarrow ? 24 : 138,
        overflow: "truncate" as const,
      },
    },
  };
}

function toSeries(chart: TimelineChart, { theme }: Look) {
  const { parts, rows } = chart;
  return [
    ...parts.map((part, at) => ({
      type: "custom",
      name: part,
      itemStyle: { color: toFill(theme, at) },
      encode: { x: [1, 2], y: 0 },
      data: rows.flatMap(({ spans }, index) =>
        spans.filter((span) => span.part === part).map(({ from, to }) => [index, from, to]),
      ),
      renderItem: drawSpan(theme, at),
      tooltip: { formatter: ({ value }: { value: unknown }) => toTip(chart, (value as [number])[0]) },
    })),
    {
      type: "custom",
      name: "token",
      silent: true,
      encode: { x: 1, y: 0 },
      data: rows.flatMap(({ ticks }, index) => ticks.map((ms) => [index, ms])),
      renderItem: drawTick(theme),
    },
    {
      type: "custom",
      name: "not complete",
      silent: true,
      encode: { x: 1, y: 0 },
      data: rows.flatMap(({ fault }, index) => (fault === undefined ? [] : [[index, fault.at]])),
      renderItem: drawFault(theme, rows),
    },
  ];
}

function toTip({ rows }: TimelineChart, index: number): string {
  const { name, notes, spans } = rows[index] as TimelineChart["rows"][number];
  return [
    `<b>${escapeHtml(name)}</b>`,
    ...notes.map(escapeHtml),
    ...spans.map(({ part, from, to }) => `${escapeHtml(part)}: ${formatValue(to - from, "ms")}`),
  ].join("<br>");
}
