// The tables of statistics for a terminal: a narrow one goes without columns, then with shorter labels.
import { alignColumns } from "../../../lib/core/goals/console-summary.ts";
import { cutToWidth } from "../../platform/terminal-text.ts";
import type { SteadyRow } from "../rows/steady-rows.ts";
import { STATISTIC_COLUMNS, type StatisticColumn, type TrendRow } from "../rows/summary-rows.ts";

/** What a narrow terminal goes without, first to last. */
const DROPPED: readonly StatisticColumn[] = ["sd", "min", "p95", "mean", "p90", "max"];
const SHORTEST_LABEL = 12;

/** The header, then a line a metric. */
export function renderTrends(trends: readonly TrendRow[], width: number): string[] {
  if (trends.length === 0) return [];
  for (let dropped = 0; ; dropped += 1) {
    const columns = STATISTIC_COLUMNS.filter((column) => !DROPPED.slice(0, dropped).includes(column));
    // What is left of a metric's second line may be nothing.
    const rows = trends.filter(({ cells }) => columns.some((column) => cells[column] !== ""));
    const toLines = (longest: number) =>
      alignColumns([
        ["", ...columns],
        ...rows.map(({ label, cells }) => [
          cutToWidth(label, longest),
          ...columns.map((column) => cells[column]),
        ]),
      ]);
    const lines = toLines(Number.POSITIVE_INFINITY);
    const most = Math.max(...lines.map((line) => line.length));
    if (most <= width) return lines;
    if (dropped < DROPPED.length) continue;
    const label = Math.max(...rows.map(({ label }) => label.length));
    return toLines(Math.max(SHORTEST_LABEL, label - (most - width)));
  }
}

/** The window above the steady state; on a narrow terminal beside it. */
export function renderSteady(rows: readonly SteadyRow[] | undefined, width: number): string[] {
  const shown = rows?.filter(({ isHeadline }) => isHeadline) ?? [];
  if (shown.length === 0) return [];
  const lines = alignColumns([
    ["", ...shown.map(({ label }) => label)],
    ["whole window", ...shown.map((row) => row.window)],
    ["steady state", ...shown.map((row) => row.steady)],
  ]);
  if (lines.every((line) => line.length <= width)) return lines;
  return alignColumns([
    ["", "whole window", "steady state"],
    ...shown.map((row) => [row.label, row.window, row.steady]),
  ]);
}
