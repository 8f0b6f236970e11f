// A matrix for the terminal: one table, or one of each figure where columns were asked for; a narrow one goes without some.
import stringWidth from "string-width";
import { cutToWidth, padToWidth, toPlainLine, wrapToWidth } from "../../platform/terminal-text.ts";
import { toFigureText, toHeading, toNumber } from "./figure-text.ts";
import type { Cell, Matrix } from "./matrix.ts";
import type { Layout } from "./matrix-layout.ts";
import { toFixedText, toLegend, toNoteTexts, toTitle } from "./matrix-words.ts";
import type { Measure } from "./measures.ts";
import { toMarks, toMarksBehind, toPivots, toTableLines } from "./table-lines.ts";

/** What a narrow terminal goes without, first to last. */
const DROPPED = [
  ...["serverMemory", "goodput", "e2eP95", "gpuMemory", "requestsPerSecond", "tpotMedian"],
  ...["success", "e2eMedian", "ttftP95"],
];
const SHORTEST_NAME = 8;

interface Column {
  heading: string;
  isNumber: boolean;
  cells: string[];
}

/** @param hasColumns somebody asked for columns: then each figure has a table with them side by side */
export function renderMatrixTerminal(
  matrix: Matrix,
  layout: Layout,
  { width, hasColumns = false }: { width: number; hasColumns?: boolean },
): string {
  const fixed = toFixedText(matrix);
  const table =
    hasColumns && layout.columns !== undefined
      ? toPivots(matrix, layout).flatMap(({ measure, heading, header, lines }) => {
          const names = header.length - (layout.columns?.values.length ?? 0);
          const columns = header.map(
            (heading, index): Column => ({
              heading: toPlainLine(heading),
              isNumber: index >= names,
              cells: lines.map((line) =>
                index < names
                  ? toPlainLine(line.names[index] ?? "")
                  : toPivotText(line.cells[index - names], measure, matrix),
              ),
            }),
          );
          return ["", heading, ...align(columns, width)];
        })
      : renderTable(matrix, layout, width);
  const notes = toNoteTexts(matrix).map(({ mark, text }) => (mark === undefined ? text : `${mark}  ${text}`));
  return [
    toTitle(matrix),
    ...(fixed === "" ? [] : wrapToWidth(toPlainLine(fixed), width)),
    "",
    ...table,
    ...(matrix.tasks === undefined ? [] : ["Tasks apart: with `--rows task`, and in matrix.html."]),
    ...["", ...toLegend(matrix), ...notes].flatMap((line) =>
      line === "" ? [""] : wrapToWidth(toPlainLine(line), width),
    ),
  ].join("\n");
}

function renderTable(matrix: Matrix, layout: Layout, width: number): string[] {
  const make = (measures: readonly Measure[], hasRanges = false) =>
    toColumns(matrix, layout, measures, hasRanges);
  const fits = (columns: readonly Column[]) => widthOf(columns) <= width;
  const all = make(matrix.measures, true);
  if (fits(all)) return align(all, width);
  // First the ranges go, then figures; what is left is cut.
  const gone: string[] = [];
  const left = () => matrix.measures.filter(({ key }) => !gone.includes(key));
  while (!fits(make(left())) && gone.length < DROPPED.length) gone.push(DROPPED[gone.length] as string);
  for (const key of [...gone].reverse()) {
    const isThere = fits(make(matrix.measures.filter((one) => one.key === key || left().includes(one))));
    if (isThere) gone.splice(gone.indexOf(key), 1);
  }
  const absent = matrix.measures.filter(({ key }) => gone.includes(key)).map(({ label }) => label);
  const lines = align(make(left()), width);
  return absent.length === 0
    ? lines
    : [...lines, ...wrapToWidth(`Without room here: ${absent.join(", ")}.`, width)];
}

function toColumns(
  matrix: Matrix,
  layout: Layout,
  measures: readonly Measure[],
  hasRanges: boolean,
): Column[] {
  const lines = toTableLines(matrix, layout);
  const hasRepeats = matrix.cells.some(({ runs }) => runs.length > 1);
  const hasMarks = matrix.notes.some(({ mark }) => mark !== undefined);
  return [
    ...layout.order.map(({ label }, index) => ({
      heading: label,
      isNumber: false,
      cells: lines.map(({ names }) => toPlainLine(names[index] ?? "")),
    })),
    ...(hasRepeats
      ? [{ heading: "runs", isNumber: true, cells: lines.map(({ cell }) => String(cell?.counted ?? "")) }]
      : []),
    ...measures.map((measure) => ({
      heading: toHeading(measure),
      isNumber: true,
      cells: lines.map(({ cell }) => toCellText(cell, measure, hasRanges)),
    })),
    ...(hasMarks
      ? [{ heading: "", isNumber: false, cells: lines.map(({ cell }) => toMarks(cell, matrix)) }]
      : []),
  ];
}

/** With a place for the star behind the number, so that digits stand below digits. */
function toCellText(cell: Cell | undefined, { key, unit }: Measure, hasRange: boolean): string {
  const figure = cell?.figures[key];
  if (figure === undefined) return "";
  const star = cell?.best.includes(key) ? "*" : " ";
  const text = hasRange ? toFigureText(figure, unit) : toNumber(figure.median, unit);
  return text.replace(/^\S+/, (number) => number + star);
}

function toPivotText(cell: Cell | undefined, measure: Measure, matrix: Matrix): string {
  const text = toCellText(cell, measure, true);
  return text === "" ? "" : `${text}${toMarksBehind(cell, matrix)}`;
}

function widthOf(columns: readonly Column[]): number {
  return columns.reduce((sum, column) => sum + 2 + contentWidth(column), -2);
}

/** A heading is broken between its words. */
function contentWidth({ heading, cells }: Column): number {
  return Math.max(...[...heading.split(" "), ...cells].map((text) => stringWidth(text)));
}

/** Names are cut, the longest first, until all fits. */
function align(columns: readonly Column[], width: number): string[] {
  const widths = columns.map(contentWidth);
  for (let excess = widthOf(columns) - width; excess > 0; excess -= 1) {
    const names = columns.flatMap(({ isNumber }, index) =>
      !isNumber && (widths[index] ?? 0) > SHORTEST_NAME ? [index] : [],
    );
    const longest = names.sort((a, b) => (widths[b] ?? 0) - (widths[a] ?? 0))[0];
    if (longest === undefined) break;
    widths[longest] = (widths[longest] ?? 0) - 1;
  }
  const headings = columns.map(({ heading }, index) => wrapToWidth(heading, widths[index] ?? 0));
  const height = Math.max(...headings.map((lines) => lines.length));
  const toLine = (texts: readonly string[]) =>
    columns
      .map(({ isNumber }, index) => {
        const size = widths[index] ?? 0;
        const text = cutToWidth(texts[index] ?? "", size);
        return isNumber ? " ".repeat(Math.max(0, size - stringWidth(text))) + text : padToWidth(text, size);
      })
      .join("  ")
      .trimEnd();
  return [
    // Headings of fewer lines stand on the last one.
    ...Array.from({ length: height }, (_, line) =>
      toLine(headings.map((lines) => lines[line - height + lines.length] ?? "")),
    ),
    ...(columns[0]?.cells ?? []).map((_, row) => toLine(columns.map(({ cells }) => cells[row] ?? ""))),
  ];
}
