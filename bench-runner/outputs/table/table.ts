// A table as data: what every rendering of it shows. There is one writer each for terminal, Markdown, CSV and HTML.
import { formatNumber, type Unit, unitSign } from "../../../lib/core/units.ts";

export interface Column {
  /** The heading in documents; "" for none. */
  title: string;
  /** The heading in a terminal, where it differs. */
  short?: string;
  /** The heading in CSV files, where it differs. */
  key?: string;
  /** Numbers are to the right. Left where absent. */
  align?: "left" | "right";
  /** Cells that are numbers are shown in this unit; a count where absent. */
  unit?: Unit;
  /** A terminal that is too narrow drops the columns with the lowest numbers first; those without stay. */
  rank?: number;
  /** How far a terminal may shorten the texts of a column; the heading of the column, but at least 8, where absent. */
  leastWidth?: number;
}

/** A text that is set off from others. */
export interface Words {
  text: string;
  strong?: boolean;
  tone?: "good" | "bad" | "warning";
  /** A sign behind the first word, such as the `*` of the best number: in a terminal it takes no place from the digits. */
  mark?: string;
  href?: string;
  /** Said by screen readers behind the text; HTML only. */
  note?: string;
  /** Shown when the pointer rests on a link; HTML only. */
  tip?: string;
}

/** Numbers are in the column's unit; undefined is an empty cell. */
export type Cell = string | number | boolean | undefined | Words | readonly Words[];

export interface Table {
  columns: readonly Column[];
  /** A cell for each column. */
  rows: readonly (readonly Cell[])[];
  /** Sentences below the table. */
  notes?: readonly string[];
}

/** A table of texts alone: no column is of numbers. */
export function toTextTable(titles: readonly string[], rows: Table["rows"]): Table {
  return { columns: titles.map((title) => ({ title })), rows };
}

/** The column of a figure (summary/figures.ts); its heading has the unit where the title does not say it. */
export function toFigureColumn({
  title,
  short,
  column,
  unit,
}: {
  title: string;
  short: string;
  column: string;
  unit: Unit;
}): Column {
  return {
    title: toHeading(title, unit),
    short: toHeading(short, unit),
    key: column,
    align: "right",
    unit,
  };
}

/** "TTFT p95 (ms)", "output tokens/s", "GPU memory (MB)". */
export function toHeading(title: string, unit: Unit): string {
  const sign = unit === "bytes" ? "MB" : unitSign(unit);
  return sign === "" || title.toLowerCase().includes(sign.toLowerCase()) ? title : `${title} (${sign})`;
}

/** A number without its unit, which the heading has; bytes are in MB. */
export function toNumberText(value: number | undefined, unit: Unit): string {
  if (value === undefined) return "";
  return unit === "bytes" ? formatNumber(value / 1e6, "ratio") : formatNumber(value, unit);
}

/** The parts of a cell, each as text. */
export function toWords(cell: Cell, { unit = "count" }: Pick<Column, "unit">): readonly Words[] {
  if (cell === undefined || cell === "") return [];
  if (typeof cell === "number") return [{ text: toNumberText(cell, unit) }];
  if (typeof cell === "object") return "text" in cell ? [cell] : cell;
  return [{ text: String(cell) }];
}

/** The mark behind the first word: "12.3* (11.9…12.8)". */
export function withMark({ text, mark = "" }: Words): string {
  return mark === "" ? text : text.replace(/^\S+/, (first) => first + mark);
}
