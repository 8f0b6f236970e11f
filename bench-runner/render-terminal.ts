// A summary for the terminal: aligned, within the given width, warnings last.
import { alignColumns } from "../lib/core/console-summary.ts";
import { GROUP_LEGEND } from "./group-rows.ts";
import { renderGroups } from "./render-groups.ts";
import type { SteadyRow } from "./steady-rows.ts";
import type { Summary } from "./summary.ts";
import { STATISTIC_COLUMNS, type StatisticColumn, type TrendRow, toSummaryRows } from "./summary-rows.ts";

export interface TerminalOptions {
  /** Columns of the terminal. */
  width: number;
  colour: boolean;
}

/** What a narrow terminal goes without, first to last. */
const DROPPED: readonly StatisticColumn[] = ["sd", "min", "p95", "mean"];

type Paint = (style: "bold" | "red" | "green" | "yellow", text: string) => string;
const CODES = { bold: 1, red: 31, green: 32, yellow: 33 };

/** @returns the text, with a line end */
export function renderTerminal(summary: Summary, { width, colour }: TerminalOptions): string {
  const paint: Paint = (style, text) => (colour ? `\u001b[${CODES[style]}m${text}\u001b[0m` : text);
  const rows = toSummaryRows(summary);
  const blocks = [
    [paint("bold", rows.title)],
    alignPairs(rows.results, width),
    renderTrends(rows.trends, width).map((line, index) => (index === 0 ? paint("bold", line) : line)),
    rows.hasMarks ? ["* too few requests to certify this percentile"] : [],
    renderSteady(rows.steady, width),
    ...rows.groups.map((table) =>
      renderGroups(table, width).map((line, index) => (index === 0 ? paint("bold", line) : line)),
    ),
    rows.groups.length > 0 ? wrap(GROUP_LEGEND, width) : [],
    alignPairs(rows.server, width),
    rows.errors.map(([what, example]) => fit(`${paint("red", what)}${example ? `: ${example}` : ""}`, width)),
    alignPairs(rows.trust, width),
    rows.thresholds.map(
      ({ text, ok }) => `${ok ? paint("green", "✓ passed") : paint("red", "✗ FAILED")}  ${text}`,
    ),
    rows.warnings.flatMap(({ text, remedy }) => [
      ...wrap(text, width - 2).map((line, index) => paint("yellow", `${index === 0 ? "!" : " "} ${line}`)),
      ...wrap(`→ ${remedy}`, width - 2).map((line) => `  ${line}`),
    ]),
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join("\n"))
    .join("\n\n")}\n`;
}

/** Labels to the left, values beside them; a value that does not fit goes on in the next line. */
function alignPairs(pairs: [string, string][], width: number): string[] {
  const left = Math.max(0, ...pairs.map(([label]) => label.length));
  return pairs.flatMap(([label, value]) =>
    wrap(value, width - left - 2).map((text, index) => `${(index === 0 ? label : "").padEnd(left)}  ${text}`),
  );
}

function renderTrends(trends: TrendRow[], width: number): string[] {
  if (trends.length === 0) return [];
  for (let dropped = 0; ; dropped += 1) {
    const columns = STATISTIC_COLUMNS.filter((column) => !DROPPED.slice(0, dropped).includes(column));
    const lines = alignColumns([
      ["", ...columns],
      ...trends.map(({ label, cells }) => [label, ...columns.map((column) => cells[column])]),
    ]);
    if (dropped === DROPPED.length || lines.every((line) => line.length <= width)) return lines;
  }
}

/** Two lines under a header, where they fit. */
function renderSteady(rows: SteadyRow[] | undefined, width: number): string[] {
  const shown = rows?.filter(({ isHeadline }) => isHeadline) ?? [];
  const lines = alignColumns([
    ["", ...shown.map(({ label }) => label)],
    ["whole window", ...shown.map((row) => row.window)],
    ["steady state", ...shown.map((row) => row.steady)],
  ]);
  return shown.length > 0 && lines.every((line) => line.length <= width) ? lines : [];
}

/** Words into lines of at most `width`; a longer word stays whole. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines[lines.length - 1];
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function fit(text: string, width: number): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > width * 2 ? `${line.slice(0, width * 2 - 1)}…` : line;
}
