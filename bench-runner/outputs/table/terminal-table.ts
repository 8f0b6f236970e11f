// A table for a terminal: it fits the width by dropping columns, then by shortening texts.
import stringWidth from "string-width";
import { toPlainLine } from "../../platform/plain-text.ts";
import type { Paint, Style } from "../../platform/terminal-look.ts";
import { cutToWidth, padToWidth, wrapToWidth } from "../../platform/terminal-text.ts";
import { type Column, type Table, toWords, type Words, withMark } from "./table.ts";

export interface TerminalTable {
  /** The heading first, where a column has one; the notes of the table are not among them. */
  lines: string[];
  /** The columns that had no room, in their order. */
  dropped: readonly Column[];
}

export interface TerminalTableOptions {
  /** Columns of the terminal; without end where absent. */
  width?: number;
  /** Sets the heading and the words with a tone off; nothing is where absent. */
  paint?: Paint;
  /** Columns that were dropped come back where there is room after all; else those of lower ranks stay away. */
  fillsUp?: boolean;
  /** Headings are broken between their words. */
  wrapsHeadings?: boolean;
  /** Rows that have nothing but their name in the columns that are left are dropped. */
  dropsEmptyRows?: boolean;
}

const SHORTEST_TEXT = 8;
const BETWEEN = "  ";
const TONES: Readonly<Record<NonNullable<Words["tone"]>, Style>> = {
  good: "green",
  bad: "red",
  warning: "yellow",
};

/** A part of a line in one style. */
interface Piece {
  text: string;
  style?: Style;
}

/** A column with its cells as texts. */
interface TextColumn {
  column: Column;
  /** One line, or more where headings are wrapped. */
  heading: string;
  cells: { text: string; style?: Style }[];
}

export function renderTerminalTable(table: Table, options: TerminalTableOptions = {}): TerminalTable {
  const { width = Number.POSITIVE_INFINITY, fillsUp = false, dropsEmptyRows = false } = options;
  const all = table.columns.map((column, index) => toTextColumn(table, column, index));
  const toShown = (kept: readonly TextColumn[]) => (dropsEmptyRows ? withoutEmptyRows(kept) : kept);
  const fits = (kept: readonly TextColumn[]) => toTotal(toWidths(toShown(kept), options)) <= width;
  const kept = chooseColumns(all, fits, fillsUp);
  const shown = toShown(kept);
  const widths = shortenTexts(shown, toWidths(shown, options), width, options);
  return {
    lines: toLines(shown, widths, options).map((pieces) => paintPieces(cutPieces(pieces, width), options)),
    dropped: all.filter((column) => !kept.includes(column)).map(({ column }) => column),
  };
}

function toTextColumn(table: Table, column: Column, index: number): TextColumn {
  const cells = table.rows.map((row) => toWords(row[index], column));
  const marks = cells.flatMap((words) => words.map(({ mark = "" }) => stringWidth(mark)));
  const room = " ".repeat(Math.max(0, ...marks));
  return {
    column,
    heading: toPlainLine(column.short ?? column.title),
    cells: cells.map((words) => {
      const text = words
        .map((part) => withMark({ text: toIndented(part.text), mark: part.mark ?? room }))
        .join(" ");
      const tone = words.find((part) => part.tone !== undefined)?.tone;
      return tone === undefined ? { text } : { text, style: TONES[tone] };
    }),
  };
}

/** Harmless, but indented where it was: such a row continues the one above it. */
function toIndented(text: string): string {
  return (/^ */.exec(text)?.[0] ?? "") + toPlainLine(text);
}

/** All where they fit; else without the lowest ranks. */
function chooseColumns(
  all: readonly TextColumn[],
  fits: (kept: readonly TextColumn[]) => boolean,
  fillsUp: boolean,
): readonly TextColumn[] {
  const gone: TextColumn[] = [];
  const left = (back?: TextColumn) => all.filter((one) => one === back || !gone.includes(one));
  const droppable = all
    .filter(({ column }) => column.rank !== undefined)
    .sort((a, b) => (a.column.rank as number) - (b.column.rank as number));
  for (const one of droppable) {
    if (fits(left())) break;
    gone.push(one);
  }
  for (const one of fillsUp ? [...gone].reverse() : []) {
    if (fits(left(one))) gone.splice(gone.indexOf(one), 1);
  }
  return left();
}

function withoutEmptyRows(columns: readonly TextColumn[]): TextColumn[] {
  const [, ...values] = columns;
  const isFull = (row: number) => values.some(({ cells }) => cells[row]?.text !== "");
  return columns.map((column) => ({ ...column, cells: column.cells.filter((_, row) => isFull(row)) }));
}

function toHeadingWidth(heading: string, { wrapsHeadings }: TerminalTableOptions): number {
  const parts = wrapsHeadings ? heading.split(" ") : [heading];
  return Math.max(...parts.map((part) => stringWidth(part)));
}

function toWidths(columns: readonly TextColumn[], options: TerminalTableOptions): number[] {
  return columns.map(({ heading, cells }) =>
    Math.max(toHeadingWidth(heading, options), ...cells.map(({ text }) => stringWidth(text))),
  );
}

function toTotal(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width + BETWEEN.length, -BETWEEN.length);
}

/** Texts are cut, the longest first, until all fits or nothing is left to cut. */
function shortenTexts(
  columns: readonly TextColumn[],
  natural: readonly number[],
  width: number,
  options: TerminalTableOptions,
): number[] {
  const widths = [...natural];
  const least = columns.map(
    ({ column, heading }) => column.leastWidth ?? Math.max(SHORTEST_TEXT, toHeadingWidth(heading, options)),
  );
  while (toTotal(widths) > width) {
    const [longest] = columns
      .flatMap(({ column }, index) =>
        column.align !== "right" && (widths[index] ?? 0) > (least[index] ?? 0) ? [index] : [],
      )
      .sort((a, b) => (widths[b] ?? 0) - (widths[a] ?? 0));
    if (longest === undefined) break;
    widths[longest] = (widths[longest] ?? 0) - 1;
  }
  return widths;
}

function toLines(
  columns: readonly TextColumn[],
  widths: readonly number[],
  { wrapsHeadings, paint }: TerminalTableOptions,
): Piece[][] {
  const headings = columns.map(({ heading }, index) =>
    wrapsHeadings ? wrapToWidth(heading, widths[index] ?? 0) : [heading],
  );
  const hasHeading = columns.some(({ heading }) => heading !== "");
  const height = hasHeading ? Math.max(...headings.map((lines) => lines.length)) : 0;
  const bold: Pick<Piece, "style"> = paint === undefined ? {} : { style: "bold" };
  return [
    // A heading of fewer lines is in the lowest ones.
    ...Array.from({ length: height }, (_, line) =>
      toPieces(
        columns,
        widths,
        headings.map((lines) => ({ text: lines[line - height + lines.length] ?? "", ...bold })),
      ),
    ),
    ...(columns[0]?.cells ?? []).map((_, row) =>
      toPieces(
        columns,
        widths,
        columns.map(({ cells }) => cells[row] ?? { text: "" }),
      ),
    ),
  ];
}

function toPieces(
  columns: readonly TextColumn[],
  widths: readonly number[],
  cells: readonly Piece[],
): Piece[] {
  return columns.map(({ column }, index) => {
    const size = widths[index] ?? 0;
    const { text, style } = cells[index] ?? { text: "" };
    const padded = padToWidth(cutToWidth(text, size), size, column.align);
    return { text: (index > 0 ? BETWEEN : "") + padded, ...(style !== undefined && { style }) };
  });
}

/** At most `width` columns, without blanks at the end. */
function cutPieces(pieces: readonly Piece[], width: number): Piece[] {
  const line = pieces.map(({ text }) => text).join("");
  let rest = cutToWidth(line.trimEnd(), width);
  return pieces.map(({ text, ...piece }) => {
    const kept = rest.slice(0, text.length);
    rest = rest.slice(kept.length);
    return { ...piece, text: kept };
  });
}

function paintPieces(pieces: readonly Piece[], { paint }: TerminalTableOptions): string {
  const line = pieces.map(({ text }) => text).join("");
  const [first] = pieces;
  if (paint === undefined || first === undefined) return line;
  if (first.style && pieces.every(({ style }) => style === first.style)) return paint(first.style, line);
  return pieces
    .map(({ text, style }) => {
      if (style === undefined) return text;
      const [before = ""] = /^ */.exec(text) ?? [];
      const word = text.slice(before.length).trimEnd();
      return before + paint(style, word) + text.slice(before.length + word.length);
    })
    .join("");
}
