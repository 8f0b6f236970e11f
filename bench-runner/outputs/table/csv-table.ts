// A table as CSV: RFC 4180, numbers to six significant digits, absent values empty.
import { stringify } from "csv-stringify/sync";
import { toDigits } from "../../../lib/core/units.ts";
import { type Cell, type Table, toWords } from "./table.ts";

/** The header, then a line a row; with a line end. Numbers stay in the unit in which they were given. */
export function renderCsvTable({ columns, rows }: Table): string {
  return stringify([
    columns.map(({ key, title }) => key ?? title),
    ...rows.map((row) => columns.map((_, index) => toCsvText(row[index]))),
  ]);
}

/** A cell as text, before it is quoted. */
function toCsvText(cell: Cell): string {
  if (typeof cell === "number") return Number.isInteger(cell) ? String(cell) : String(toDigits(cell));
  return toWords(cell, {})
    .map(({ text }) => text)
    .join(" ");
}
