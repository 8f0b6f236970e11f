// Tables of groups for a terminal: a narrow one goes without columns, a long table without its last rows.
import stringWidth from "string-width";
import { alignColumns } from "../../../lib/core/goals/console-summary.ts";
import { cutToWidth, padToWidth } from "../../platform/terminal-text.ts";
import type { GroupColumn, GroupTable } from "../rows/group-rows.ts";

/** What a narrow terminal goes without, first to last. */
const DROPPED: readonly GroupColumn[] = [
  "cut %",
  "E2E p95",
  "in",
  "out",
  "E2E p50",
  "TTFT p95",
  "ok %",
  "TPOT p50",
];

/** More rows than this are in summary.md. */
const MOST_ROWS = 20;

/** The lines of a table, the header first. */
export function renderGroups({ title, columns, rows }: GroupTable, width: number): string[] {
  const shown = rows.slice(0, MOST_ROWS);
  const left = rows.length - shown.length;
  const rest = left > 0 ? [`… and ${left} more, see summary.md`] : [];
  const names = [title, ...shown.map(({ name }) => name)];
  const longest = Math.max(...names.map((text) => stringWidth(text)));
  for (let dropped = 0; ; dropped += 1) {
    const kept = columns.filter((column) => !DROPPED.slice(0, dropped).includes(column));
    // The first column is empty: names may have characters that are two columns wide.
    const values = alignColumns([
      ["", ...kept],
      ...shown.map(({ cells }) => ["", ...kept.map((column) => cells[column])]),
    ]);
    const room = width - Math.max(...values.map((line) => line.length));
    if (longest > room && dropped < DROPPED.length) continue;
    const nameWidth = Math.min(longest, Math.max(room, stringWidth(title)));
    return [
      ...values.map(
        (line, index) => padToWidth(cutToWidth(names[index] as string, nameWidth), nameWidth) + line,
      ),
      ...rest,
    ];
  }
}
