// The report of the layout `bench-jsonl`: a table of all runs by workload, then the figures of each.
import { toDigits } from "../../../../lib/core/units.ts";
import { escapeMarkdown, renderMarkdownTable } from "../../table/markdown-table.ts";
import { BENCH_STATISTICS, type BenchRow, type BenchSummary } from "./bench-summary.ts";

/** The columns of the first table after those of the run: title, metric, statistic. */
const COLUMNS: readonly (readonly [string, string, keyof BenchRow])[] = [
  ["Success Rate (%)", "Success Rate (%)", "mean"],
  ["TTFT median (ms)", "TTFT (ms)", "median"],
  ["TTFT P95 (ms)", "TTFT (ms)", "p95"],
  ["Total Time median (s)", "Total Time (s)", "median"],
  ["Total Time P95 (s)", "Total Time (s)", "p95"],
  ["Tokens/sec median", "Tokens/sec", "median"],
  ["Tokens/sec P95", "Tokens/sec", "p95"],
];

/** Runs of a workload stand together, those of a target and a model by their date. */
export function toBenchReport(summaries: readonly BenchSummary[]): string {
  const sorted = [...summaries].sort((a, b) => toOrder(a).localeCompare(toOrder(b), "en", { numeric: true }));
  const count = sorted.length === 1 ? "1 run" : `${sorted.length} runs`;
  return [
    "# Benchmark report",
    `${count}. P95 and P99 are the slow end of times and of rates: 95 % and 99 % of the requests were at least as fast.`,
    renderOverview(sorted),
    ...sorted.flatMap(renderRun),
    "",
  ].join("\n\n");
}

const toOrder = ({ names: { workload, target, model, date } }: BenchSummary) =>
  [workload, target, model, date].join("\u0000");

function renderOverview(summaries: readonly BenchSummary[]): string {
  return renderMarkdownTable({
    columns: [
      ...["Workload", "Target", "Model", "Date (UTC)"].map((title) => ({ title })),
      ...["Requests", ...COLUMNS.map(([title]) => title)].map((title) => ({
        title,
        align: "right" as const,
      })),
    ],
    rows: summaries.map(({ names, requests, rows }) => [
      names.workload,
      names.target,
      names.model,
      toDateText(names.date),
      String(requests),
      ...COLUMNS.map(([, metric, key]) => toCell(rows.find((row) => row.metric === metric)?.[key])),
    ]),
  });
}

function renderRun({ names, requests, rows, warnings }: BenchSummary): string[] {
  const title = escapeMarkdown([names.workload, names.target, names.model].join(" · "));
  const run = names.run === undefined ? "" : `, run \`${escapeMarkdown(names.run)}\``;
  return [
    `## ${title}`,
    `${toDateText(names.date)} UTC, ${requests} ${requests === 1 ? "request" : "requests"}${run}.`,
    renderMarkdownTable({
      columns: [
        { title: "Metric" },
        ...["Mean", "Median", "P95", "P99"].map((name) => ({ title: name, align: "right" as const })),
      ],
      rows: rows.map((row) => [row.metric, ...BENCH_STATISTICS.map((key) => toCell(row[key]))]),
    }),
    ...(warnings.length > 0
      ? [warnings.map((text) => `> **Warning**: ${escapeMarkdown(text)}`).join("\n>\n")]
      : []),
  ];
}

/** "20260102_030405" → "2026-01-02 03:04:05". */
function toDateText(date: string): string {
  return date.replace(/^(\d{4})(\d\d)(\d\d)_(\d\d)(\d\d)(\d\d)(-\d+)?$/, "$1-$2-$3 $4:$5:$6");
}

function toCell(text: string | undefined): string {
  return text === undefined || text === "" ? "-" : String(toDigits(Number(text), 4));
}
