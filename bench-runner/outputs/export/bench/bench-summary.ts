// The summary of a raw file of the layout `bench-jsonl`: statistics of its lines, as CSV and back.
import { parse } from "csv-parse/sync";
import { stringify } from "csv-stringify/sync";
import { toDigits } from "../../../../lib/core/units.ts";
import { toPlainLine } from "../../../platform/plain-text.ts";
import { toQuantile } from "../../../statistics/quantile.ts";
import { toStatistics } from "../../../statistics/statistics.ts";
import { ValueColumn } from "../../../statistics/value-column.ts";
import { toCsvText } from "../../table/csv-table.ts";
import { toFields } from "../layout-field.ts";
import { BENCH_SUMMARY_FIELDS, type BenchFigures, type BenchStatistics } from "./bench-fields.ts";
import type { BenchLine } from "./bench-lines.ts";
import type { BenchNames } from "./bench-names.ts";

/** A row of the summary, and of the report: a metric with the cells of its statistics, "" for an unknown one. */
export type BenchRow = { metric: string } & Record<Statistic, string>;
type Statistic = (typeof BENCH_STATISTICS)[number];
export const BENCH_STATISTICS = ["mean", "median", "p95", "p99"] as const;

export interface BenchSummary {
  names: BenchNames;
  requests: number;
  rows: BenchRow[];
  /** What the run warns of. */
  warnings: readonly string[];
}

/** @param fallback the names where the lines have none */
export async function summarizeBench(
  lines: AsyncIterable<BenchLine>,
  fallback: BenchNames,
): Promise<BenchSummary> {
  const names = { ...fallback };
  const [ttft, totalTime, rate] = [new ValueColumn(), new ValueColumn(), new ValueColumn()];
  let [requests, succeeded] = [0, 0];
  let warnings: readonly string[] = [];
  for await (const line of lines) {
    if (requests === 0) takeNames(names, line);
    if (line.warnings !== undefined) warnings = line.warnings;
    requests += 1;
    if (line.success !== true) continue;
    succeeded += 1;
    if (line.ttft != null) ttft.push(line.ttft);
    if (line.total_time != null) totalTime.push(line.total_time);
    if (line.tokens_per_sec != null) rate.push(line.tokens_per_sec);
  }
  const figures: BenchFigures = {
    requests,
    succeeded,
    ...toEntry("ttft", ttft, "upper"),
    ...toEntry("totalTime", totalTime, "upper"),
    ...toEntry("tokensPerSecond", rate, "lower"),
  };
  return { names, requests, rows: toRows(figures), warnings };
}

function takeNames(names: BenchNames, { target, model, workload, run }: BenchLine): void {
  if (target !== undefined) names.target = target;
  if (model !== undefined) names.model = model;
  if (workload !== undefined) names.workload = workload;
  if (run !== undefined) names.run = run;
}

/** @param slow the end at which slow requests are */
function toEntry(key: string, column: ValueColumn, slow: "upper" | "lower"): Record<string, BenchStatistics> {
  const values = column.toArray();
  const statistics = toStatistics(values);
  if (statistics === undefined) return {};
  const { mean, median, p95, p99 } = statistics;
  if (slow === "upper") return { [key]: { mean, median, p95, p99 } };
  // `toStatistics` has sorted them.
  const low = (share: number) => toQuantile(values, share) as number;
  return { [key]: { mean, median, p95: low(0.05), p99: low(0.01) } };
}

/** Numbers to six significant digits. */
function toRows(figures: BenchFigures): BenchRow[] {
  return Object.entries(toFields(BENCH_SUMMARY_FIELDS, figures)).map(([metric, statistics]) => {
    const cell = (key: Statistic) => {
      const value = (statistics as Partial<BenchStatistics>)[key];
      return value === undefined ? "" : String(toDigits(value, 6));
    };
    return { metric, mean: cell("mean"), median: cell("median"), p95: cell("p95"), p99: cell("p99") };
  });
}

const NAME_COLUMNS = ["target", "model", "workload", "date", "run"] as const;

/** A row for each metric, with the names and warnings of the run: files can be joined to one table. */
export function toBenchSummaryCsv({ names, requests, rows, warnings }: BenchSummary): string {
  const own = NAME_COLUMNS.map((name) => toCsvText(names[name] ?? ""));
  // A text may contain any separator.
  const list = warnings.length === 0 ? "" : JSON.stringify(warnings.map(toPlainLine));
  return stringify([
    ["metric", ...BENCH_STATISTICS, ...NAME_COLUMNS, "requests", "warnings"],
    ...rows.map((row) => [row.metric, ...BENCH_STATISTICS.map((key) => row[key]), ...own, requests, list]),
  ]);
}

/** Undefined where the text is not such a file. */
export function readBenchSummaryCsv(text: string): BenchSummary | undefined {
  let rows: Record<string, string>[];
  try {
    rows = parse(text, { columns: true, bom: true }) as Record<string, string>[];
  } catch {
    return undefined;
  }
  const [first] = rows;
  const needed = ["metric", ...BENCH_STATISTICS, "target", "model", "workload", "date", "requests"];
  if (first === undefined || needed.some((column) => first[column] === undefined)) return undefined;
  // Without the apostrophe of a text that begins like a formula.
  const of = (column: string) => (first[column] as string).replace(/^'(?=[=+\-@])/, "");
  return {
    names: {
      target: of("target"),
      model: of("model"),
      workload: of("workload"),
      date: of("date"),
      ...(first.run && { run: of("run") }),
    },
    requests: Number(of("requests")),
    rows: rows as unknown as BenchRow[],
    warnings: readTexts(first.warnings ?? ""),
  };
}

/** None where the text is no list. */
function readTexts(text: string): string[] {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list.map(String) : [];
  } catch {
    return [];
  }
}
