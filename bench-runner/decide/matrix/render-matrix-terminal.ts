// A matrix for the terminal: one table, or one per figure if columns were asked for; a narrow terminal omits some.
import stringWidth from "string-width";
import { renderTerminalTable } from "../../outputs/table/terminal-table.ts";
import { toPlainLine } from "../../platform/plain-text.ts";
import { wrapToWidth } from "../../platform/terminal-text.ts";
import type { Layout } from "./matrix-layout.ts";
import { toMatrixTable, toPivots } from "./matrix-table.ts";
import type { Matrix } from "./matrix-types.ts";
import { toFixedText, toLegend, toNoteTexts, toTitle } from "./matrix-words.ts";

/** @param hasColumns columns were asked for: then each figure has a table with them side by side */
export function renderMatrixTerminal(
  matrix: Matrix,
  layout: Layout,
  { width, hasColumns = false }: { width: number; hasColumns?: boolean },
): string {
  const fixed = toFixedText(matrix);
  const table =
    hasColumns && layout.columns !== undefined
      ? toPivots(matrix, layout).flatMap(({ heading, table }) => [
          "",
          heading,
          ...renderTerminalTable(table, { width, wrapsHeadings: true }).lines,
        ])
      : renderTable(matrix, layout, width);
  const notes = toNoteTexts(matrix).map(({ mark, text }) => (mark === undefined ? text : `${mark}  ${text}`));
  return [
    toTitle(matrix),
    ...(fixed === "" ? [] : wrapToWidth(toPlainLine(fixed), width)),
    "",
    ...table,
    ...(matrix.tasks === undefined ? [] : ["The tasks are shown by `--rows task`, and in matrix.html."]),
    ...["", ...toLegend(matrix), ...notes].flatMap((line) =>
      line === "" ? [""] : wrapToWidth(toPlainLine(line), width),
    ),
  ].join("\n");
}

/** Omits first the ranges of repeats, then figures; what remains is cut. */
function renderTable(matrix: Matrix, layout: Layout, width: number): string[] {
  const whole = renderTerminalTable(toMatrixTable(matrix, layout, { hasRanges: true }), {
    wrapsHeadings: true,
  });
  if (whole.lines.every((line) => stringWidth(line) <= width)) return whole.lines;
  const { lines, dropped } = renderTerminalTable(toMatrixTable(matrix, layout, { hasRanges: false }), {
    width,
    fillsUp: true,
    wrapsHeadings: true,
  });
  const absent = dropped.map(({ title }) => title.replace(/ \(.*\)$/, ""));
  return absent.length === 0
    ? lines
    : [...lines, ...wrapToWidth(`Omitted to fit: ${absent.join(", ")}.`, width)];
}
