// Requests as rows of parts over time, with strokes for moments within them and a word where one did not complete.
import type { EChartsOption } from "echarts";
import { formatValue } from "../../../../lib/core/units.ts";
import { escapeHtml } from "../../html.ts";
import type { TimelineChart } from "../chart-spec.ts";
import { formatTick } from "./axis-numbers.ts";
import { bottomAxis, frame, legend } from "./echarts-parts.ts";
import type { ChartTable, Look, Picture, Stop } from "./picture.ts";
import { drawFault, drawSpan, drawTick, toFill } from "./timeline-shapes.ts";

export function toTimelinePicture(chart: TimelineChart): Picture {
  return {
    height: 96 + chart.rows.length * 34,
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
  const { parts, rows, description } = chart;
  const isNarrow = look.width < 480;
  return {
    ...frame(look, description),
    legend: {
      ...legend(look),
      data: parts.filter((part) => rows.some(({ spans }) => spans.some((one) => one.part === part))),
    },
    grid: { left: isNarrow ? 30 : 150, right: 16, top: isNarrow ? 34 : 40, bottom: 40 },
    ...toAxes(chart, look, isNarrow),
    series: toSeries(chart, look) as NonNullable<EChartsOption["series"]>,
  };
}

function toAxes({ axis, rows }: TimelineChart, { theme }: Look, isNarrow: boolean) {
  const bottom = bottomAxis(theme, axis, formatTick);
  const longest = Math.max(
    ...rows.flatMap(({ spans, fault }) => [fault?.at ?? 0, ...spans.map(({ to }) => to)]),
  );
  return {
    xAxis: {
      ...bottom,
      min: 0,
      // Room for the word at the end of a row that did not complete.
      max: longest * (rows.some(({ fault }) => fault !== undefined) ? 1.16 : 1.02),
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
