// A table as CSV: RFC 4180, numbers to six significant digits, absent values empty.
import { stringify } from "csv-stringify/sync";
import { toDigits } from "../../../lib/core/units.ts";
import { toPlainLine } from "../../platform/plain-text.ts";
import { type Cell, type Table, toWords } from "./table.ts";

/** The header, then a line a row; with a line end. Numbers stay in the unit in which they were given. */
export function renderCsvTable({ columns, rows }: Table): string {
  return stringify([
    columns.map(({ key, title }) => toCsvText(key ?? title)),
    ...rows.map((row) => columns.map((_, index) => toCsvCell(row[index]))),
  ]);
}

/** A cell as text, before it is quoted. */
function toCsvCell(cell: Cell): string {
  if (typeof cell === "number") return Number.isInteger(cell) ? String(cell) : String(toDigits(cell));
  const words = toWords(cell, {}).map(({ text }) => text);
  return toCsvText(words.join(" "));
}

/**
 * A text on one line, which a spreadsheet takes for text: one that begins like a formula, or like a
 * command of a CI system, gets an apostrophe in front, as people write it there. Numbers stay numbers.
 */
export function toCsvText(text: string): string {
  const line = toPlainLine(text);
  return /^([=+\-@]|::|##)/.test(line) && line.length > 1 && !NUMBER.test(line) ? `'${line}` : line;
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
