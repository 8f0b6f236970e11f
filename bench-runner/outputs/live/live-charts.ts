// The charts of the live page: their texts, which the runner writes, and the series that the page draws. Pure.
import type { Slo, SloMetric } from "../../../lib/core/goals/slo.ts";
import type { LinesChart, SeriesColour } from "../charts/chart-spec.ts";
import { breakGaps } from "../charts/line-gaps.ts";
import { formatIn } from "../charts/pictures/axis-numbers.ts";
import type { LivePoint } from "./live-history.ts";

interface LiveChart {
  /** The id of its section in the page. */
  id: string;
  title: string;
  note: string;
  unit: string;
  /** Its objective is a line across the chart. */
  slo?: SloMetric;
  lines: readonly { name: string; key: keyof LivePoint; colour?: SeriesColour }[];
}

const ENDED = "complete requests that ended in the last 10 s";

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
    note: ENDED,
    unit: "ms",
    slo: "ttft",
    lines: [
      { name: "p50", key: "ttftP50Ms" },
      { name: "p95", key: "ttftP95Ms" },
    ],
  },
  {
    id: "tpot",
    title: "TPOT",
    note: `${ENDED}; estimated by token events where an answer has no usage`,
    unit: "ms",
    slo: "tpot",
    lines: [
      { name: "p50", key: "tpotP50Ms" },
      { name: "p95", key: "tpotP95Ms" },
    ],
  },
  {
    id: "e2e",
    title: "E2E",
    note: ENDED,
    unit: "ms",
    slo: "e2e",
    lines: [
      { name: "p50", key: "e2eP50Ms" },
      { name: "p95", key: "e2eP95Ms" },
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

/** @param slos objectives of the run, of any metric */
export function toLinesChart(
  { id, title, note, unit, slo, lines }: LiveChart,
  points: readonly LivePoint[],
  slos: readonly Slo[],
): LinesChart {
  return {
    kind: "lines",
    id,
    title,
    description: note,
    x: { title: "time", unit: "time of day" },
    y: { title: "", unit },
    isReadAcross: true,
    marks: slos
      .filter(({ metric }) => metric === slo)
      .map(({ limitMs }) => ({ axis: "y", at: limitMs, label: `SLO ${formatIn(unit, limitMs)}` })),
    series: lines.map(({ name, key, colour }, index) => ({
      name,
      colour: colour ?? index,
      points: breakGaps(points.map((point) => ({ x: point.atUnixMs, y: point[key] }))),
    })),
  };
}
