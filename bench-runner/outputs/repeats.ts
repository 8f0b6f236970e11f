// Several runs of the same load as one table: each headline number of each run, their middle and range. Pure.
import { median } from "d3-array";
import { alignColumns } from "../../lib/core/goals/console-summary.ts";
import { formatNumber, formatValue, type Unit, unitSign } from "../../lib/core/units.ts";
import { cutToWidth } from "../platform/terminal-text.ts";
import type { Summary } from "../summary/summary.ts";
import { toMarkdownTable } from "./render-markdown.ts";

type Figure = (summary: Summary) => number | undefined;

const THROUGHPUT: readonly (readonly [string, Unit, Figure])[] = [
  ["Requests per second", "requests/s", ({ throughput }) => throughput?.requestsPerSecond],
  ["Output tokens per second", "tokens/s", ({ throughput }) => throughput?.outputTokensPerSecond],
  ["Total tokens per second", "tokens/s", ({ throughput }) => throughput?.totalTokensPerSecond],
];

const FIGURES: typeof THROUGHPUT = [
  ...THROUGHPUT,
  ["TTFT median", "ms", ({ metrics }) => metrics.ttft?.median],
  ["TTFT p95", "ms", ({ metrics }) => metrics.ttft?.p95],
  ["TPOT median", "ms", ({ metrics }) => metrics.tpot?.median],
  ["ITL p99", "ms", ({ metrics }) => metrics.itl?.p99],
  ["E2E median", "ms", ({ metrics }) => metrics.e2e?.median],
  ["Success rate", "share", ({ rates }) => rates.success],
  ["Truncated", "share", ({ rates }) => rates.truncated],
];

const NONE = "No run was measured.";

/** A column a run as far as they have room; with the middle and the range of all. @param width columns of the terminal */
export function renderRepeats(summaries: readonly Summary[], width = Number.POSITIVE_INFINITY): string {
  if (summaries.length === 0) return NONE;
  const rows = toRows(summaries);
  const toLines = (shown: number, label = Number.POSITIVE_INFINITY) =>
    alignColumns(
      rows.map(([title = "", ...cells]) => [cutToWidth(title, label), ...cells.slice(0, 2 + shown)]),
    );
  const toExcess = (lines: string[]) => Math.max(...lines.map((line) => line.length)) - width;
  let shown = summaries.length;
  while (shown > 0 && toExcess(toLines(shown)) > 0) shown -= 1;
  const longest = Math.max(...rows.map(([title = ""]) => title.length));
  const lines = toLines(shown, longest - Math.max(0, toExcess(toLines(shown))));
  const left = summaries.length - shown;
  const names = left === 1 ? `#${shown + 1}` : `#${shown + 1}…#${summaries.length}`;
  return [...lines, ...(left === 0 ? [] : [`${names}: see their folders`])].join("\n");
}

/** The same table in Markdown, with every run. */
export function renderRepeatsMarkdown(summaries: readonly Summary[]): string {
  if (summaries.length === 0) return NONE;
  const [header = [], ...rows] = toRows(summaries);
  return toMarkdownTable(header, rows);
}

/** The header first. A number that a run lacks is left empty, and so in neither middle nor range. */
function toRows(summaries: readonly Summary[]): string[][] {
  const rows = FIGURES.flatMap(([title, unit, of]) => {
    const values = summaries.map(of);
    const known = values.filter((value) => value !== undefined);
    if (known.length === 0) return [];
    const range = `${formatNumber(Math.min(...known), unit)}…${formatNumber(Math.max(...known), unit)}`;
    const label = unitSign(unit) === "" ? title : `${title} (${unitSign(unit)})`;
    return [
      [label, formatNumber(median(known), unit), range, ...values.map((value) => formatNumber(value, unit))],
    ];
  });
  const header = ["", "median", "range", ...summaries.map((_, index) => `#${index + 1}`)];
  return [header, ...rows];
}

/** The throughput alone, one figure a line. */
export function renderThroughput(summary: Summary): string {
  const rows = THROUGHPUT.flatMap(([title, unit, of]) => {
    const value = of(summary);
    return value === undefined ? [] : [[title, formatValue(value, unit)]];
  });
  return rows.length === 0 ? "No request was measured." : alignColumns(rows).join("\n");
}
