// The layout `bench-jsonl`: one line per request, a table of their statistics, and the same table as Markdown.
import { stringify } from "csv-stringify/sync";
import { toDigits } from "../../../lib/core/units.ts";
import type { Summary } from "../../summary/summary.ts";
import { renderMarkdownTable } from "../table/markdown-table.ts";
import { toFields } from "./layout-field.ts";
import { BENCH_JSONL_FIELDS, BENCH_SUMMARY_FIELDS } from "./layout-fields.ts";
import { isJudged, type RecordView } from "./record-view.ts";
import type { PromptOf } from "./row-prompts.ts";

const STATISTICS = ["mean", "median", "p95", "p99"] as const;

/** A line for each measured request that succeeded or failed, in the journal's order. */
export async function* toBenchLines(
  records: AsyncIterable<RecordView>,
  model: string,
  promptOf: PromptOf,
): AsyncGenerator<string> {
  for await (const record of records) {
    if (!isJudged(record)) continue;
    const fields = toFields(BENCH_JSONL_FIELDS, { record, model, prompt: promptOf(record.line) });
    yield `${JSON.stringify(fields)}\n`;
  }
}

/** Numbers to six significant digits; an unknown value is an empty cell. */
export function toBenchSummaryCsv(summary: Summary): string {
  return stringify([["metric", ...STATISTICS], ...toRows(summary, 6, "")]);
}

/** @param run a description of the run, as title and value */
export function toBenchReport(summary: Summary, run: readonly (readonly [string, string])[]): string {
  const counts = summary.requests;
  const table = renderMarkdownTable({
    columns: [
      { title: "Metric" },
      ...["Mean", "Median", "P95", "P99"].map((title) => ({ title, align: "right" as const })),
    ],
    rows: toRows(summary, 4, "-"),
  });
  return [
    "# Benchmark report",
    run.map(([title, value]) => `- ${title}: ${value.replace(/\s+/g, " ")}`).join("\n"),
    `${counts.byVerdict.complete ?? 0} of ${counts.measured} measured requests completed.`,
    table,
    ...summary.warnings.map(({ text, remedy }) => `> ${text} ${remedy}`),
    "",
  ].join("\n\n");
}

function toRows(summary: Summary, digits: number, missing: string): string[][] {
  return Object.entries(toFields(BENCH_SUMMARY_FIELDS, summary)).map(([name, statistics]) => [
    name,
    ...STATISTICS.map((key) => {
      const value = (statistics as Partial<Record<string, number>>)[key];
      return value === undefined ? missing : String(toDigits(value, digits));
    }),
  ]);
}
