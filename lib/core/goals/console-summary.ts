// The table that a direct `k6 run` prints below k6's own summary: our metrics, the thresholds, what failed.

import { K6_METRICS } from "../request/k6-metrics.ts";
import { METRICS } from "../request/metrics.ts";
import { formatNumber, formatValue, unitSign } from "../units.ts";
import { FAILED_VERDICTS, isForCountOnly, verdictMetric } from "./thresholds.ts";

/** What k6 hands to handleSummary, the part used here. */
export interface K6SummaryData {
  metrics: Record<string, K6Metric>;
  state?: { testRunDurationMs?: number };
  options?: { summaryTrendStats?: readonly string[] };
}

export interface K6Metric {
  type: string;
  values: Record<string, number>;
  thresholds?: Record<string, { ok: boolean }>;
}

export interface ThresholdResult {
  metric: string;
  rule: string;
  ok: boolean;
}

/** The statistics that the table and the cross-check with the journal need: k6's option `summaryTrendStats`. */
export const SUMMARY_TREND_STATS = ["count", "avg", "min", "med", "max", "p(90)", "p(95)", "p(99)"];
const COLUMNS = ["avg", "min", "med", "p(90)", "p(95)", "p(99)", "max"];

/** Whether these are the data of handleSummary that the table reads: k6's machine-readable form has others. */
export function isConsoleData({ metrics }: K6SummaryData): boolean {
  return metrics !== undefined && !Array.isArray(metrics);
}

/** The statistics that k6 has: by default ours, in their order; otherwise those of `--summary-trend-stats`. */
function toColumns({ options }: K6SummaryData): readonly string[] {
  const asked = options?.summaryTrendStats ?? SUMMARY_TREND_STATS;
  return COLUMNS.every((column) => asked.includes(column))
    ? [...COLUMNS, ...asked.filter((column) => !SUMMARY_TREND_STATS.includes(column))]
    : asked;
}

/** A text table: the first column left-aligned, the others right-aligned. */
function alignColumns(rows: string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => (column ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
}

/** The text that handleSummary prints, with a line end. */
export function toConsoleSummary(data: K6SummaryData): string {
  const shown = K6_METRICS.flatMap((metric) => {
    const values = data.metrics[metric.k6Name]?.values;
    return values && !metric.isAlias ? [{ ...metric, values }] : [];
  });
  const columns = toColumns(data);
  const trends = shown.filter(({ type, values }) => type === "trend" && values.count !== 0);
  const lines = [
    toHeadline(data),
    "",
    ...alignColumns([
      ["", ...columns],
      ...trends.map(({ k6Name, unit, values }) => [
        `${k6Name} (${unitSign(unit)})`,
        ...columns.map((column) => formatNumber(values[column], column === "count" ? "count" : unit)),
      ]),
    ]),
    "",
    ...alignColumns(
      shown
        .filter(({ type }) => type !== "trend")
        .map(({ k6Name, unit, type, values }) => [
          k6Name,
          formatValue(type === "rate" ? values.rate : values.count, unit),
        ]),
    ),
    "",
    ...toThresholdResults(data).map(
      ({ metric, rule, ok }) => `${ok ? "✓ passed" : "✗ FAILED"}  ${metric}: ${rule}`,
    ),
  ];
  return `\n${lines.map((line) => (line ? `  ${line}` : "")).join("\n")}\n\n`;
}

/** "30 of 40 requests complete, 10 failed (3 timeout, 7 cut) in 12.35 s". */
export function toHeadline({ metrics, state }: K6SummaryData): string {
  const { passes = 0, fails = 0 } = metrics[METRICS.success.k6Name]?.values ?? {};
  const time = state?.testRunDurationMs;
  const verdicts = FAILED_VERDICTS.flatMap((verdict) => {
    const count = metrics[verdictMetric(verdict)]?.values.fails;
    return count ? [`${count} ${verdict}`] : [];
  });
  const failed = fails ? `, ${fails} failed${verdicts.length ? ` (${verdicts.join(", ")})` : ""}` : "";
  const left = metrics[METRICS.aborted.k6Name]?.values.count;
  const aborted = left ? `, ${left} aborted on purpose` : "";
  const dropped = metrics.dropped_iterations?.values.count;
  const unsent = dropped ? `, ${dropped} never sent` : "";
  return `${passes} of ${passes + fails} requests complete${failed}${aborted}${unsent}${time ? ` in ${formatValue(time, "ms")}` : ""}`;
}

/** The result of each threshold that can fail. */
export function toThresholdResults({ metrics }: K6SummaryData): ThresholdResult[] {
  return Object.entries(metrics).flatMap(([metric, { thresholds = {} }]) =>
    Object.entries(thresholds)
      .filter(([rule]) => !isForCountOnly(metric, rule))
      .map(([rule, { ok }]) => ({ metric, rule, ok })),
  );
}
