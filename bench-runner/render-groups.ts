// Tables of groups for a terminal: a narrow one goes without columns, a long table without its last rows.
import { alignColumns } from "../lib/core/console-summary.ts";
import type { GroupColumn, GroupTable } from "./group-rows.ts";

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
  const nameWidth = Math.max(...names.map(toWidth));
  for (let dropped = 0; ; dropped += 1) {
    const kept = columns.filter((column) => !DROPPED.slice(0, dropped).includes(column));
    // The first column is empty: names may have characters that are two columns wide.
    const values = alignColumns([
      ["", ...kept],
      ...shown.map(({ cells }) => ["", ...kept.map((column) => cells[column])]),
    ]);
    const fits = values.every((line) => nameWidth + line.length <= width);
    if (!fits && dropped < DROPPED.length) continue;
    return [
      ...values.map((line, index) => {
        const name = names[index] as string;
        return `${name}${" ".repeat(nameWidth - toWidth(name))}${line}`;
      }),
      ...rest,
    ];
  }
}

/** Columns that a text takes in a terminal: two for a character of East Asia and for a picture, none for a combining one. */
function toWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    const isWide =
      /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u;
    width += isWide.test(character) ? 2 : /\p{M}/u.test(character) ? 0 : 1;
  }
  return width;
}
