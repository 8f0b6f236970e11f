// sweep.html: the curves of a sweep, each point linked to its run. Pure.
import type { ChartPage } from "../../outputs/chart-page/chart-page.ts";
import type { ChartMark, LinePoint, LinesChart } from "../../outputs/charts/chart-spec.ts";
import { renderHtmlTable } from "../../outputs/table/html-table.ts";
import { findPareto, formatLoad } from "./find-outcome.ts";
import { byLoad, toSweepTable } from "./render-sweep.ts";
import type { PointFigures, SweepFile, SweepPoint } from "./sweep-file.ts";

type Figure = keyof PointFigures;

interface Charted {
  x: Figure | "load";
  y: Figure | "load";
}

function figureOf(point: SweepPoint, figure: Figure | "load"): number | undefined {
  return figure === "load" ? point.load : point.figures[figure];
}

/** @returns the points that have both values, in the order of their load */
function toPoints(file: SweepFile, points: readonly SweepPoint[], { x, y }: Charted): LinePoint[] {
  return points.flatMap((point) => {
    const [xValue, yValue] = [figureOf(point, x), figureOf(point, y)];
    if (xValue === undefined || yValue === undefined) return [];
    // If the load is an axis, points need no label.
    const label = x === "load" ? undefined : formatLoad(point.load, file.goal.axis);
    return [
      { x: xValue, y: yValue, ...(label !== undefined && { label }), href: `${point.runs[0]}/report.html` },
    ];
  });
}

export function toSweepPage(file: SweepFile): ChartPage {
  const { goal, outcome, slos } = file;
  const points = byLoad(file.points).filter(({ partial }) => !partial);
  const series = (name: string, charted: Charted, more: object = {}) => ({
    name,
    points: toPoints(file, points, charted),
    ...more,
  });
  const load = goal.axis === "rate" ? "offered rate" : "clients";
  const each = goal.axis === "rate" ? load : "number of clients";
  const loadAxis = {
    title: load,
    unit: goal.axis === "rate" ? "requests/s" : "count",
    ...(goal.axis === "concurrency" && { scale: "log" as const }),
  };
  const marks = toMarks(file);
  const toTitle = (title: string, figure: Figure) =>
    points.some(({ estimated }) => estimated?.includes(figure)) ? `${title} (estimated)` : title;
  const tokens = { title: toTitle("output tokens per second", "outputTokensPerSecond"), unit: "tokens/s" };
  const charts: LinesChart[] = [
    {
      kind: "lines",
      id: "throughput-latency",
      title: "Throughput against latency",
      description: `Output tokens per second against TTFT, a point for each ${each}: where the curve turns up, more load only makes requests wait.`,
      x: tokens,
      y: { title: "TTFT", unit: "ms", scale: "log" },
      series: [
        series("median", { x: "outputTokensPerSecond", y: "ttftMedianMs" }),
        series("p95", { x: "outputTokensPerSecond", y: "ttftP95Ms" }, { dashed: true }),
      ],
    },
    {
      kind: "lines",
      id: "pareto",
      title: "Tokens per second of a user and of all",
      description:
        "Output tokens per second that each user sees (1 / TPOT, the median) against those of all users together. No point exceeds a point on the front in both.",
      x: { title: toTitle("tokens per second per user", "tokensPerSecondPerUser"), unit: "tokens/s" },
      y: tokens,
      series: [
        series("all points", { x: "tokensPerSecondPerUser", y: "outputTokensPerSecond" }, { line: "none" }),
        {
          name: "Pareto front",
          points: toPoints(file, findPareto(points), {
            x: "tokensPerSecondPerUser",
            y: "outputTokensPerSecond",
          }),
        },
      ],
    },
    ...(slos.length > 0 ? [toGoodputChart(file, points, loadAxis, marks)] : []),
    {
      kind: "lines",
      id: "latency-load",
      title: "Latency against load",
      description: `TTFT and E2E for each ${each}.`,
      x: loadAxis,
      y: { title: "time", unit: "ms", scale: "log" },
      series: [
        series("TTFT median", { x: "load", y: "ttftMedianMs" }),
        series("TTFT p95", { x: "load", y: "ttftP95Ms" }, { dashed: true }),
        series("E2E median", { x: "load", y: "e2eMedianMs" }),
        series("E2E p95", { x: "load", y: "e2eP95Ms" }, { dashed: true }),
      ],
      marks,
    },
    {
      kind: "lines",
      id: "throughput-load",
      title: "Throughput against load",
      description: `Output tokens per second for each ${each}.`,
      x: loadAxis,
      y: tokens,
      series: [series("output tokens per second", { x: "load", y: "outputTokensPerSecond" })],
      marks,
    },
  ];
  const isFound = !goal.isJudged ? undefined : outcome?.meets !== undefined;
  return {
    title: `Sweep ${file.name}`,
    subtitle: `${points.length} loads, ${file.start.replace("T", " ").replace(/\..*/, "")} UTC`,
    ...(outcome && { verdict: { ok: isFound, text: outcome.sentence } }),
    sections: [
      { id: "points", heading: "Loads", html: renderHtmlTable("The loads of the sweep", toSweepTable(file)) },
      { id: "curves", heading: "Curves", charts },
    ],
  };
}

function toGoodputChart(
  file: SweepFile,
  points: readonly SweepPoint[],
  loadAxis: LinesChart["x"],
  marks: ChartMark[],
): LinesChart {
  const isRate = file.goal.axis === "rate";
  return {
    kind: "lines",
    id: "goodput",
    title: isRate ? "Goodput against offered rate" : "Goodput against clients",
    description:
      "Requests per second that met every SLO, and all that were completed: where the lines diverge, the server answers too late.",
    x: loadAxis,
    y: { title: "requests per second", unit: "requests/s" },
    series: [
      { name: "met every SLO", points: toPoints(file, points, { x: "load", y: "goodputPerSecond" }) },
      {
        name: "completed",
        points: toPoints(file, points, { x: "load", y: "requestsPerSecond" }),
        dashed: true,
      },
    ],
    marks,
  };
}

/** The answer and the knee on the axis of loads. */
function toMarks({ points, outcome }: SweepFile): ChartMark[] {
  const mark = (number: number | undefined, label: string): ChartMark[] => {
    const point = points.find((known) => known.number === number);
    return point === undefined ? [] : [{ axis: "x", at: point.load, label }];
  };
  const [meets, knee] = [outcome?.meets, outcome?.knee];
  return meets !== undefined && meets === knee
    ? mark(meets, "highest that meets the goal; knee")
    : [...mark(meets, "highest that meets the goal"), ...mark(knee, "knee")];
}
