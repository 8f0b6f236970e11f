// The table that a direct `k6 run` prints at its end: our metrics, the thresholds, what failed.

import { K6_METRICS } from "../request/k6-metrics.ts";
import { METRICS } from "../request/metrics.ts";
import { formatNumber, formatValue, unitSign } from "../units.ts";
import { FAILED_VERDICTS, isForCountOnly, verdictMetric } from "./thresholds.ts";

/** What k6 hands to handleSummary, as far as it is used here. */
export interface K6SummaryData {
  metrics: Record<string, K6Metric>;
  state?: { testRunDurationMs?: number };
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

/** The statistics that the table, and the cross-check with the journal, need: k6's option `summaryTrendStats`. */
export const SUMMARY_TREND_STATS = ["count", "avg", "min", "med", "max", "p(90)", "p(95)", "p(99)"];
const COLUMNS = ["avg", "min", "med", "p(90)", "p(95)", "p(99)", "max"];

/** A table of text: first column to the left, the others to the right. */
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
  const trends = shown.filter(({ type, values }) => type === "trend" && values.count !== 0);
  const lines = [
    headline(data),
    "",
    ...alignColumns([
      ["", ...COLUMNS],
      ...trends.map(({ k6Name, unit, values }) => [
        `${k6Name} (${unitSign(unit)})`,
        ...COLUMNS.map((column) => formatNumber(values[column], unit)),
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

function headline({ metrics, state }: K6SummaryData): string {
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

/** What became of each threshold that can fail. */
export function toThresholdResults({ metrics }: K6SummaryData): ThresholdResult[] {
  return Object.entries(metrics).flatMap(([metric, { thresholds = {} }]) =>
    Object.entries(thresholds)
      .filter(([rule]) => !isForCountOnly(metric, rule))
      .map(([rule, { ok }]) => ({ metric, rule, ok })),
  );
}
