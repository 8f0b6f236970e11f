// Several runs of the same load as one table: each headline number of each run, their middle and range. Pure.
import { median } from "d3-array";
import { alignColumns } from "../lib/core/console-summary.ts";
import { formatNumber, formatValue, type Unit, unitSign } from "../lib/core/units.ts";
import type { Summary } from "./summary.ts";

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

/** A column a run, in their order; a number that a run lacks is left empty, and so in neither middle nor range. */
export function renderRepeats(summaries: readonly Summary[]): string {
  if (summaries.length === 0) return "No run was measured.";
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
  return alignColumns([header, ...rows]).join("\n");
}

/** The throughput alone, one figure a line. */
export function renderThroughput(summary: Summary): string {
  const rows = THROUGHPUT.flatMap(([title, unit, of]) => {
    const value = of(summary);
    return value === undefined ? [] : [[title, formatValue(value, unit)]];
  });
  return rows.length === 0 ? "No request was measured." : alignColumns(rows).join("\n");
}
