// Many points over two axes: small and pale, so that dense places show.
import { escapeHtml } from "../../html.ts";
import type { ScatterChart } from "../chart-spec.ts";
import { colourOf } from "../theme.ts";
import { formatIn } from "./axis-numbers.ts";
import { bottomAxis, frame, plotBelow, valueAxis, withExtent } from "./echarts-parts.ts";
import type { Look, Picture } from "./picture.ts";
import { toBottomAxis, toValueAxis } from "./plot-axis.ts";

/** A table of all points of a large run would be unreadable: it has the highest ones. */
const MOST_TABLE_ROWS = 200;

export function toScatterPicture(chart: ScatterChart): Picture {
  const { x, y, points, counted } = chart;
  return {
    heightAt: () => 330,
    option: (look) => toOption(chart, look),
    table: () => ({
      columns: [x.title, y.title, counted],
      rows: [...points]
        .sort((a, b) => b[1] - a[1])
        .slice(0, MOST_TABLE_ROWS)
        .map(([at, value, count]) => [
          formatIn(x.unit, at),
          formatIn(y.unit, value),
          formatIn("count", count),
        ]),
    }),
    stops: () => points.map((_, point) => [0, point]),
  };
}

function toOption(chart: ScatterChart, look: Look) {
  const { x, y, points, description, counted } = chart;
  const [across, up] = [
    toBottomAxis(
      x,
      points.map(([at]) => at),
      look.width,
    ),
    toValueAxis(
      y,
      points.map(([, value]) => value),
    ),
  ];
  const isGrouped = points.some(([, , count]) => count > 1);
  const smallest = isGrouped ? 3 : points.length < 200 ? 8 : 6;
  return {
    ...frame(look, description),
    ...plotBelow(look, { title: up.title }),
    xAxis: withExtent(bottomAxis(look.theme, across.title, across.formatTick), across),
    yAxis: withExtent(valueAxis(look.theme, up.formatTick), up),
    series: [
      {
        type: "scatter" as const,
        name: counted,
        data: points.map(([at, value, count]) => [across.place(at) ?? 0, up.place(value) ?? 0, count]),
        symbolSize: (value: number[]) => Math.min(16, smallest + 1.5 * Math.log2(value[2] ?? 1)),
        itemStyle: { color: colourOf(look.theme, 0), opacity: isGrouped ? 0.3 : 0.55 },
        // An emphasized state for each of thousands of points would cost too much.
        emphasis: { disabled: true },
        tooltip: { formatter: ({ dataIndex }: { dataIndex: number }) => toTip(chart, dataIndex) },
      },
    ],
  };
}

function toTip({ x, y, counted, points }: ScatterChart, index: number): string {
  const [at, value, count] = points[index] as ScatterChart["points"][number];
  return [
    escapeHtml(`${formatIn(x.unit, at)} ${x.title}`),
    `<b>${escapeHtml(`${y.title} ${formatIn(y.unit, value)}`)}</b>`,
    ...(count > 1 ? [escapeHtml(`${formatIn("count", count)} ${counted}`)] : []),
  ].join("<br>");
}
