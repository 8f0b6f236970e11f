// matrix.html: charts by section, the table with links to the runs, tasks, and what to know before comparing. Pure.
import type { ChartPage, Section } from "../../outputs/chart-page/chart-page.ts";
import type { ChartSpec } from "../../outputs/charts/chart-spec.ts";
import { html } from "../../outputs/html.ts";
import { renderHtmlTable } from "../../outputs/table/html-table.ts";
import type { SHOWN } from "../../summary/figures.ts";
import { toMeasureCharts } from "./matrix-charts.ts";
import { type Layout, toLayout } from "./matrix-layout.ts";
import { type ToHref, toMatrixTable } from "./matrix-table.ts";
import type { Matrix } from "./matrix-types.ts";
import { toFixedText, toLegend, toNoteTexts, toTitle } from "./matrix-words.ts";
import { type Measure, toMeasureKey } from "./measures.ts";

/** The charts of each section; a figure that no run has gets no chart. */
const SECTIONS: readonly { id: string; heading: string; figures: readonly MatrixFigureKey[] }[] = [
  {
    id: "latency",
    heading: "Latency",
    figures: ["ttft.median", "ttft.p95", "tpot.median", "e2e.median", "e2e.p95"],
  },
  { id: "throughput", heading: "Throughput", figures: ["outputTokensPerSecond", "requestsPerSecond"] },
  { id: "success", heading: "Success", figures: ["success", "goodput"] },
  { id: "memory", heading: "Memory", figures: ["gpuMemory", "serverMemory"] },
  { id: "start", heading: "Start of the server", figures: ["memoryAfterLoad", "ready"] },
];

type MatrixFigureKey = (typeof SHOWN.matrix)[number];

/** The most informative ones for a task. */
const TASK_MEASURES: readonly string[] = (
  ["ttft.median", "tpot.median", "e2e.median", "success"] as const
).map(toMeasureKey);

export function toMatrixPage(matrix: Matrix, layout: Layout, toHref: ToHref): ChartPage {
  const fixed = toFixedText(matrix);
  const { tasks } = matrix;
  return {
    title: `Matrix of ${toTitle(matrix)}`,
    ...(fixed !== "" && { subtitle: fixed }),
    sections: [
      ...SECTIONS.flatMap((section) => toChartSection(matrix, layout, section, toHref)),
      ...(tasks === undefined ? [] : [toTaskSection(tasks, toHref)]),
      {
        id: "numbers",
        heading: "All numbers",
        html: html`${renderHtmlTable("All numbers", toMatrixTable(matrix, layout, { hasRanges: true, toHref }))}${toLegend(
          matrix,
        ).map((line) => html`<p class="note">${line}</p>`)}`,
      },
      ...toNoteSection(matrix),
    ],
  };
}

function toChartSection(
  matrix: Matrix,
  layout: Layout,
  { id, heading, figures }: (typeof SECTIONS)[number],
  toHref: ToHref,
): Section[] {
  const keys = figures.map(toMeasureKey);
  const measures = matrix.measures.filter(({ key }) => keys.includes(key));
  if (measures.length === 0) return [];
  const shown = measures.filter((measure) => !isWhole(matrix, measure));
  const charts = shown.flatMap((measure) =>
    toMeasureCharts(matrix, layout, measure, { toHref, prefix: "chart-" }),
  );
  const whole = measures.filter((measure) => !shown.includes(measure)).map(({ label }) => label);
  return [
    {
      id,
      heading,
      charts,
      ...(whole.length > 0 && {
        intro: `In every run: ${whole.map((label) => `${label} 100 %`).join(", ")}.`,
      }),
    },
  ];
}

/** A share of 100 % everywhere needs no chart. */
function isWhole({ cells }: Matrix, { key, unit }: Measure): boolean {
  return unit === "share" && cells.every(({ figures }) => (figures[key]?.low ?? figures[key]?.median) === 1);
}

function toTaskSection(tasks: Matrix, toHref: ToHref): Section {
  const layout = toLayout(tasks, { rows: "task" });
  const charts = tasks.measures
    .filter((measure) => TASK_MEASURES.includes(measure.key) && !isWhole(tasks, measure))
    .flatMap((measure): ChartSpec[] => toMeasureCharts(tasks, layout, measure, { toHref, prefix: "task-" }));
  return {
    id: "tasks",
    heading: "Tasks",
    charts,
    html: html`<details><summary>All numbers of the tasks</summary>${renderHtmlTable("Tasks", toMatrixTable(tasks, layout, { hasRanges: true, toHref }))}</details>`,
  };
}

function toNoteSection(matrix: Matrix): Section[] {
  const notes = toNoteTexts(matrix);
  if (notes.length === 0) return [];
  return [
    {
      id: "notes",
      heading: "Before you compare",
      html: html`<ul>${notes.map(({ mark, text }) => html`<li>${mark !== undefined && html`<b>${mark}</b> `}${text}</li>`)}</ul>`,
    },
  ];
}
