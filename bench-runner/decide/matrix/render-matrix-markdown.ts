// matrix.md: the table with links to the runs, a table of each figure with columns side by side, and the notes. Pure.
import { toMarkdownTable } from "../../outputs/render-markdown.ts";
import { toFigureText, toHeading } from "./figure-text.ts";
import type { Cell, Matrix } from "./matrix.ts";
import { type Layout, toLayout } from "./matrix-layout.ts";
import { toFixedText, toLegend, toNoteTexts, toTitle } from "./matrix-words.ts";
import type { Measure } from "./measures.ts";
import type { MatrixRun } from "./read-runs.ts";
import { toMarks, toMarksBehind, toPivots, toTableLines } from "./table-lines.ts";

/** Where a run's report is, seen from the matrix; undefined where there is none. */
export type ToHref = (run: MatrixRun) => string | undefined;

/** @returns the document, with a line end */
export function renderMatrixMarkdown(matrix: Matrix, layout: Layout, toHref: ToHref): string {
  const { tasks } = matrix;
  return `${[
    `# Matrix of ${toTitle(matrix)}`,
    toFixedText(matrix),
    renderTable(matrix, layout, toHref),
    toList([
      ...toLegend(matrix).map((text) => text.replace(/^\*/, "\\*")),
      ...toNoteTexts(matrix).map(({ mark, text }) => (mark === undefined ? text : `**${mark}** ${text}`)),
    ]),
    ...toPivots(matrix, layout).map(({ measure, heading, header, lines }) =>
      [
        `## ${heading}`,
        toMarkdownTable(
          header,
          lines.map(({ names, cells }) => [
            ...names,
            ...cells.map((cell) => toCellText(cell, measure) + toMarksBehind(cell, matrix)),
          ]),
          layout.order.length - 1,
        ),
      ].join("\n\n"),
    ),
    ...(tasks === undefined
      ? []
      : ["## Tasks", renderTable(tasks, toLayout(tasks, { rows: "task" }), toHref)]),
  ]
    .filter(Boolean)
    .join("\n\n")}\n`;
}

function renderTable(matrix: Matrix, layout: Layout, toHref: ToHref): string {
  const hasMarks = matrix.notes.some(({ mark }) => mark !== undefined);
  return toMarkdownTable(
    [
      ...layout.order.map(({ label }) => label),
      ...matrix.measures.map(toHeading),
      "runs",
      ...(hasMarks ? ["notes"] : []),
    ],
    toTableLines(matrix, layout).map(({ names, cell }) => [
      ...names,
      ...matrix.measures.map((measure) => toCellText(cell, measure)),
      toLinks(cell, toHref),
      ...(hasMarks ? [toMarks(cell, matrix)] : []),
    ]),
    layout.order.length,
  );
}

function toCellText(cell: Cell | undefined, { key, unit }: Measure): string {
  const text = toFigureText(cell?.figures[key], unit);
  return cell?.best.includes(key) ? text.replace(/^\S+/, (number) => `**${number}**\\*`) : text;
}

/** "[1](…) [2](…)"; the number alone where a run has no report. */
function toLinks(cell: Cell | undefined, toHref: ToHref): string {
  return (cell?.runs ?? [])
    .map((run, index) => {
      const href = toHref(run);
      return href === undefined ? String(index + 1) : `[${index + 1}](${href})`;
    })
    .join(" ");
}

function toList(texts: readonly string[]): string {
  return texts.map((text) => `- ${text}`).join("\n");
}
