// matrix.html: charts by section, the table with links to the runs, tasks, and what to know before comparing. Pure.
import type { ChartPage, Section } from "../../outputs/chart-page/chart-page.ts";
import type { ChartSpec } from "../../outputs/charts/chart-spec.ts";
import { type Html, html } from "../../outputs/html.ts";
import { renderHtmlTable } from "../../outputs/table/html-table.ts";
import type { Words } from "../../outputs/table/table.ts";
import { toFigureText, toHeading } from "./figure-text.ts";
import type { Cell, Matrix } from "./matrix.ts";
import { toMeasureCharts } from "./matrix-charts.ts";
import { type Layout, toLayout } from "./matrix-layout.ts";
import { toFixedText, toLegend, toNoteTexts, toTitle } from "./matrix-words.ts";
import type { Measure } from "./measures.ts";
import type { ToHref } from "./render-matrix-markdown.ts";
import { toMarks, toTableLines } from "./table-lines.ts";

const SECTIONS: readonly (readonly [Measure["section"], string])[] = [
  ["latency", "Latency"],
  ["throughput", "Throughput"],
  ["success", "Success"],
  ["memory", "Memory"],
  ["start", "Start of the server"],
];

/** Of a task they say the most. */
const TASK_MEASURES = ["ttftMedian", "tpotMedian", "e2eMedian", "success"];

export function toMatrixPage(matrix: Matrix, layout: Layout, toHref: ToHref): ChartPage {
  const fixed = toFixedText(matrix);
  const { tasks } = matrix;
  return {
    title: `Matrix of ${toTitle(matrix)}`,
    ...(fixed !== "" && { subtitle: fixed }),
    sections: [
      ...SECTIONS.flatMap(([key, heading]) => toChartSection(matrix, layout, key, heading, toHref)),
      ...(tasks === undefined ? [] : [toTaskSection(tasks, toHref)]),
      {
        id: "numbers",
        heading: "All numbers",
        html: html`${renderTable("All numbers", matrix, layout, toHref)}${toLegend(matrix).map(
          (line) => html`<p class="note">${line}</p>`,
        )}`,
      },
      ...toNoteSection(matrix),
    ],
  };
}

function toChartSection(
  matrix: Matrix,
  layout: Layout,
  key: Measure["section"],
  heading: string,
  toHref: ToHref,
): Section[] {
  const measures = matrix.measures.filter(({ section }) => section === key);
  if (measures.length === 0) return [];
  const shown = measures.filter((measure) => !isWhole(matrix, measure));
  const charts = shown.flatMap((measure) =>
    toMeasureCharts(matrix, layout, measure, { toHref, prefix: "chart-" }),
  );
  const whole = measures.filter((measure) => !shown.includes(measure)).map(({ label }) => label);
  return [
    {
      ...{ id: key, heading, charts },
      ...(whole.length > 0 && {
        intro: `Of every run: ${whole.map((label) => `${label} 100 %`).join(", ")}.`,
      }),
    },
  ];
}

/** A share of 100 % everywhere needs no picture. */
function isWhole({ cells }: Matrix, { key, unit }: Measure): boolean {
  return unit === "share" && cells.every(({ figures }) => (figures[key]?.low ?? figures[key]?.median) === 1);
}

function toTaskSection(tasks: Matrix, toHref: ToHref): Section {
  const layout = toLayout(tasks, { rows: "task" });
  const charts = tasks.measures
    .filter((measure) => TASK_MEASURES.includes(measure.key) && !isWhole(tasks, measure))
    .flatMap((measure): ChartSpec[] => toMeasureCharts(tasks, layout, measure, { toHref, prefix: "task-" }));
  return {
    ...{ id: "tasks", heading: "Tasks", charts },
    html: html`<details><summary>All numbers of the tasks</summary>${renderTable("Tasks", tasks, layout, toHref)}</details>`,
  };
}

function renderTable(caption: string, matrix: Matrix, layout: Layout, toHref: ToHref): Html {
  const hasMarks = matrix.notes.some(({ mark }) => mark !== undefined);
  const names = layout.order.length === 0 ? [""] : layout.order.map(({ label }) => label);
  return renderHtmlTable(caption, {
    columns: [
      ...names.map((title) => ({ title })),
      ...[...matrix.measures.map(toHeading), "runs", ...(hasMarks ? ["notes"] : [])].map((title) => ({
        title,
        align: "right" as const,
      })),
    ],
    rows: toTableLines(matrix, layout).map(({ names, cell }) => [
      ...(names.length === 0 ? ["all"] : names),
      ...matrix.measures.map((measure) => toCell(cell, measure)),
      toLinks(cell, names.join(", "), toHref),
      ...(hasMarks ? [toMarks(cell, matrix)] : []),
    ]),
  });
}

function toCell(cell: Cell | undefined, { key, unit }: Measure): Words {
  const text = toFigureText(cell?.figures[key], unit);
  return cell?.best.includes(key) ? { text, strong: true, mark: "*", note: "best" } : { text };
}

function toLinks(cell: Cell | undefined, name: string, toHref: ToHref): Words[] {
  const runs = cell?.runs ?? [];
  return runs.map((run, index) => {
    const href = toHref(run);
    if (href === undefined) return { text: String(index + 1) };
    return {
      text: runs.length === 1 ? "report" : String(index + 1),
      note: `of ${name || run.summary.run.name}`,
      href,
      tip: run.folder,
    };
  });
}

function toNoteSection(matrix: Matrix): Section[] {
  const notes = toNoteTexts(matrix);
  if (notes.length === 0) return [];
  return [
    {
      ...{ id: "notes", heading: "Before you compare" },
      html: html`<ul>${notes.map(({ mark, text }) => html`<li>${mark !== undefined && html`<b>${mark}</b> `}${text}</li>`)}</ul>`,
    },
  ];
}
