// The charts of the live page: their texts, which the runner writes, and the series that the page draws. Pure.
import type { LinesChart, SeriesColour } from "../charts/chart-spec.ts";
import { breakGaps } from "../charts/line-gaps.ts";
import type { LivePoint } from "./live-history.ts";

interface LiveChart {
  /** The id of its section in the page. */
  id: string;
  title: string;
  note: string;
  unit: string;
  lines: readonly { name: string; key: keyof LivePoint; colour?: SeriesColour }[];
}

export const LIVE_CHARTS: readonly LiveChart[] = [
  {
    id: "requests",
    title: "Requests per second",
    note: "complete requests that ended",
    unit: "requests/s",
    lines: [{ name: "completed", key: "requestsPerSecond" }],
  },
  {
    id: "tokens",
    title: "Output tokens per second",
    note: "token events as they arrive",
    unit: "tokens/s",
    lines: [{ name: "output tokens", key: "outputTokensPerSecond" }],
  },
  {
    id: "ttft",
    title: "TTFT",
    note: "complete requests that ended in the last 10 s",
    unit: "ms",
    lines: [
      { name: "p50", key: "ttftP50Ms" },
      { name: "p95", key: "ttftP95Ms" },
    ],
  },
  {
    id: "inflight",
    title: "In flight",
    note: "requests that were sent and have not ended",
    unit: "count",
    lines: [{ name: "in flight", key: "inFlight" }],
  },
  {
    id: "failures",
    title: "Failures per second",
    note: "neither complete nor aborted on purpose nor interrupted",
    unit: "requests/s",
    lines: [{ name: "failed", key: "failuresPerSecond", colour: "bad" }],
  },
];

export function toLinesChart(
  { id, title, note, unit, lines }: LiveChart,
  points: readonly LivePoint[],
): LinesChart {
  return {
    kind: "lines",
    id,
    title,
    description: note,
    x: { title: "time", unit: "time of day" },
    y: { title: "", unit },
    isReadAcross: true,
    series: lines.map(({ name, key, colour }, index) => ({
      name,
      colour: colour ?? index,
      points: breakGaps(points.map((point) => ({ x: point.atUnixMs, y: point[key] }))),
    })),
  };
}
