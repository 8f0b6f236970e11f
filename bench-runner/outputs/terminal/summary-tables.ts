// The tables of a summary for a terminal: statistics, groups, steady state.
import stringWidth from "string-width";
import type { Paint } from "../../platform/terminal-look.ts";
import type { GroupTable } from "../rows/group-rows.ts";
import { type SteadyRow, toShortSteadyTables } from "../rows/steady-rows.ts";
import type { Table } from "../table/table.ts";
import { renderTerminalTable } from "../table/terminal-table.ts";

interface Place {
  /** Columns of the terminal. */
  width: number;
  paint?: Paint;
}

/** The statistics, one line per metric; empty without metrics. */
export function renderTrends(trends: Table, place: Place): string[] {
  // On a narrow terminal a metric's second line may have nothing left.
  return trends.rows.length === 0
    ? []
    : renderTerminalTable(trends, { ...place, dropsEmptyRows: true }).lines;
}

/** Additional rows are in summary.md. */
const MOST_ROWS = 20;

export function renderGroups(table: GroupTable, place: Place): string[] {
  const left = table.rows.length - MOST_ROWS;
  const { lines } = renderTerminalTable({ ...table, rows: table.rows.slice(0, MOST_ROWS) }, place);
  return left > 0 ? [...lines, `… and ${left} more, see summary.md`] : lines;
}

/** The window above the steady state; on a narrow terminal side by side. */
export function renderSteady(rows: readonly SteadyRow[], width: number): string[] {
  if (rows.length === 0) return [];
  const { wide, narrow } = toShortSteadyTables(rows);
  const { lines } = renderTerminalTable(wide);
  return lines.every((line) => stringWidth(line) <= width)
    ? lines
    : renderTerminalTable(narrow, { width }).lines;
}
