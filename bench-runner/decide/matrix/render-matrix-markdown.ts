// matrix.md: the table with links to the runs, a table per figure with columns side by side, and the notes. Pure.
import { escapeMarkdown, renderMarkdownTable } from "../../outputs/table/markdown-table.ts";
import { type Layout, toLayout } from "./matrix-layout.ts";
import { type ToHref, toMatrixTable, toPivots } from "./matrix-table.ts";
import type { Matrix } from "./matrix-types.ts";
import { toFixedText, toLegend, toNoteTexts, toTitle } from "./matrix-words.ts";

/** @returns the document, with a line end */
export function renderMatrixMarkdown(matrix: Matrix, layout: Layout, toHref: ToHref): string {
  const { tasks } = matrix;
  const renderTable = (shown: Matrix, order: Layout) =>
    renderMarkdownTable(toMatrixTable(shown, order, { hasRanges: true, toHref }));
  return `${[
    `# Matrix of ${escapeMarkdown(toTitle(matrix))}`,
    escapeMarkdown(toFixedText(matrix)),
    renderTable(matrix, layout),
    toList([
      ...toLegend(matrix).map((text) => text.replace(/^\*/, "\\*")),
      ...toNoteTexts(matrix).map(({ mark, text }) => (mark === undefined ? text : `**${mark}** ${text}`)),
    ]),
    ...toPivots(matrix, layout).map(
      ({ heading, table }) => `## ${escapeMarkdown(heading)}\n\n${renderMarkdownTable(table)}`,
    ),
    ...(tasks === undefined ? [] : ["## Tasks", renderTable(tasks, toLayout(tasks, { rows: "task" }))]),
  ]
    .filter(Boolean)
    .join("\n\n")}\n`;
}

function toList(texts: readonly string[]): string {
  return texts.map((text) => `- ${escapeMarkdown(text)}`).join("\n");
}
