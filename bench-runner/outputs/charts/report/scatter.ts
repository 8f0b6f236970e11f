// Whether longer prompts wait longer: prompt tokens against TTFT.
import { formatNumber } from "../../../../lib/core/units.ts";
import type { Scatter } from "../../../summary/series/report-data.ts";
import { colourOf } from "../theme.ts";
import { bottomAxis, frame, grid, valueAxis } from "./axes.ts";
import type { Chart } from "./chart.ts";
import { formatMs, formatTick } from "./words.ts";

type Point = Scatter["points"][number];

const LOG_FROM = 40;
const MOST_TABLE_ROWS = 200;

export function toScatterChart(scatter: Scatter | undefined): Chart | undefined {
  if (scatter === undefined || scatter.points.length === 0) return undefined;
  const { points } = scatter;
  const finding = toFinding(points);
  const times = points.map(([, ms]) => ms).filter((ms) => ms > 0);
  const smallest = Math.min(...times);
  const isLog = Math.max(...times) / smallest > LOG_FROM;
  const isGrouped = points.some(([, , count]) => count > 1);
  return {
    id: "prompt-length",
    section: "prompts",
    title: "TTFT against prompt length",
    finding,
    ...(isGrouped && { legend: "A larger point stands for several requests with about the same values." }),
    height: 330,
    isWide: true,
    option: (look) => {
      const yAxis = valueAxis(look.theme, isLog ? "TTFT (by magnitude)" : "TTFT", formatTick);
      return {
        ...frame(look, finding),
        grid: grid(look),
        xAxis: {
          ...bottomAxis(look.theme, "prompt tokens", (tokens) => formatNumber(tokens, "count")),
          scale: true,
          minInterval: 1,
        },
        yAxis: isLog ? { ...yAxis, type: "log", min: 10 ** Math.floor(Math.log10(smallest)) } : yAxis,
        series: [
          {
            type: "scatter",
            name: "requests",
            data: points.map(([tokens, ms, count]) => [tokens, isLog ? Math.max(ms, smallest) : ms, count]),
            // Thousands of points lie one over the other: small and thin, so that where they are dense is seen.
            symbolSize: (value: number[]) =>
              Math.min(16, (isGrouped ? 3 : points.length < 200 ? 8 : 6) + 1.5 * Math.log2(value[2] ?? 1)),
            itemStyle: { color: colourOf(look.theme, 0), opacity: isGrouped ? 0.3 : 0.55 },
            // Thousands of points: drawn plainly, without a state of their own each.
            emphasis: { disabled: true },
            tooltip: {
              formatter: ({ dataIndex }: { dataIndex: number }) => {
                const [tokens, ms, count] = points[dataIndex] as Point;
                return `${formatNumber(tokens, "tokens")} prompt tokens<br><b>TTFT ${formatMs(ms)}</b>${count > 1 ? `<br>${formatNumber(count, "count")} requests` : ""}`;
              },
            },
          },
        ],
      };
    },
    table: () => ({
      columns: ["prompt tokens", "TTFT", "requests"],
      // All points of a large run would be no table that anyone reads: the slowest ones.
      rows: [...points]
        .sort((a, b) => b[1] - a[1])
        .slice(0, MOST_TABLE_ROWS)
        .map(([tokens, ms, count]) => [
          formatNumber(tokens, "tokens"),
          formatMs(ms),
          formatNumber(count, "count"),
        ]),
    }),
  };
}

/** The median TTFT of the shorter and of the longer half of the prompts. */
function toFinding(points: readonly Point[]): string {
  const byLength = [...points].sort((a, b) => a[0] - b[0]);
  const middle = byLength[Math.floor(medianIndex(byLength))]?.[0] ?? 0;
  const short = byLength.filter(([tokens]) => tokens <= middle);
  const long = byLength.filter(([tokens]) => tokens > middle);
  const of = (half: Point[]) => {
    const byTime = [...half].sort((a, b) => a[1] - b[1]);
    return formatMs(byTime[medianIndex(byTime)]?.[1]);
  };
  const tokens = formatNumber(middle, "tokens");
  return long.length === 0
    ? `All prompts have about ${tokens} tokens; their median TTFT is ${of(short)}.`
    : `The median TTFT is ${of(short)} for prompts of up to ${tokens} tokens, and ${of(long)} for longer ones.`;
}

/** Of points that stand for `count` requests each. */
function medianIndex(points: readonly Point[]): number {
  const half = points.reduce((sum, [, , count]) => sum + count, 0) / 2;
  let below = 0;
  return points.findIndex(([, , count]) => {
    below += count;
    return below >= half;
  });
}
