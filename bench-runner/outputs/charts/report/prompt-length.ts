// Whether longer prompts wait longer: prompt tokens against TTFT.
import { formatNumber } from "../../../../lib/core/units.ts";
import type { Scatter } from "../../../summary/series/report-data.ts";
import type { ScatterChart } from "../chart-spec.ts";
import { formatMs, toMsAxis } from "./chart-words.ts";

type Point = Scatter["points"][number];

/** Undefined where no request has both values. */
export function toPromptLengthChart(
  scatter: Scatter | undefined,
  hasRanges = false,
): ScatterChart | undefined {
  if (scatter === undefined || scatter.points.length === 0) return undefined;
  const { points } = scatter;
  const times = points.map(([, ms]) => ms);
  const isGrouped = points.some(([, , count]) => count > 1);
  return {
    kind: "scatter",
    id: "prompt-length",
    title: `TTFT${hasRanges ? " (upper ends)" : ""} against prompt length`,
    description: toFinding(points),
    ...(isGrouped && { legend: "A larger point represents several requests with about the same values." }),
    isWide: true,
    x: { title: "prompt tokens", unit: "count" },
    y: toMsAxis("TTFT", times, times),
    counted: "requests",
    points,
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
  // That of a point for several requests is their mean.
  const tokens = formatNumber(Math.round(middle), "tokens");
  return long.length === 0
    ? `All prompts have about ${tokens} tokens; their median TTFT is ${of(short)}.`
    : `The median TTFT is ${of(short)} for prompts of up to ${tokens} tokens, and ${of(long)} for longer ones.`;
}

/** The index of the median request among points of `count` requests each. */
function medianIndex(points: readonly Point[]): number {
  const half = points.reduce((sum, [, , count]) => sum + count, 0) / 2;
  let below = 0;
  return points.findIndex(([, , count]) => {
    below += count;
    return below >= half;
  });
}
