// A summary as Markdown: for a pull request, a CI page, a file next to the journal.

import type { Summary } from "../summary/summary.ts";
import { renderMermaid } from "./mermaid-chart.ts";
import { toSteadyTable } from "./rows/steady-rows.ts";
import { toSummaryRows } from "./rows/summary-rows.ts";
import { escapeMarkdown, renderMarkdownTable } from "./table/markdown-table.ts";
import { toTextTable } from "./table/table.ts";

/** @returns the document, with a line end */
export function renderMarkdown(summary: Summary): string {
  const rows = toSummaryRows(summary);
  const sections = [
    `# ${escapeMarkdown(rows.title)}`,
    rows.headline.remarks.map(escapeMarkdown).join(" "),
    rows.warnings
      .map(({ text, remedy }) => `> **${escapeMarkdown(text)}** ${escapeMarkdown(remedy)}`)
      .join("\n>\n"),
    rows.headline.verdicts.map(({ text }) => `**${escapeMarkdown(text)}**`).join(" "),
    toPairTable(rows.results),
    rows.trends.rows.length > 0 ? renderMarkdownTable(rows.trends) : "",
    rows.hasMarks ? "\\* too few requests to certify this percentile" : "",
    rows.histogram ? renderMermaid(rows.histogram.name, rows.histogram) : "",
    rows.steady ? `## Steady state\n\n${renderMarkdownTable(toSteadyTable(rows.steady))}` : "",
    ...rows.groups.map((table) => `## ${escapeMarkdown(table.title)}\n\n${renderMarkdownTable(table)}`),
    rows.groups.length > 0 ? `${rows.groupLegend[0]?.toUpperCase()}${rows.groupLegend.slice(1)}.` : "",
    rows.server.length > 0 ? `## Server and machine\n\n${toPairTable(rows.server)}` : "",
    rows.errors.length > 0
      ? `## Failures\n\n${renderMarkdownTable(toTextTable(["what", "first message"], rows.errors))}`
      : "",
    rows.gates.length > 0
      ? `## ${rows.gatesTitle}\n\n${renderMarkdownTable(
          toTextTable(
            ["", "result"],
            rows.gates.map(({ text, ok, uncertain, found }) => [
              `\`${text}\``,
              `${ok ? "passed" : uncertain ? "**uncertain**" : "**failed**"}${found === undefined ? "" : ` (${found})`}`,
            ]),
          ),
        )}`
      : "",
    `## How far to trust it\n\n${toPairTable(rows.trust)}`,
    `## Configuration\n\n${renderMarkdownTable(toTextTable(["option", "value"], configurationRows(summary)))}`,
  ];
  return `${sections.filter(Boolean).join("\n\n")}\n`;
}

/** Label and value. */
function toPairTable(pairs: readonly [string, string][]): string {
  return renderMarkdownTable(toTextTable(["", ""], pairs));
}

function configurationRows({ configuration }: Summary): [string, string][] {
  const { values, ...rest } = configuration;
  return Object.entries({ ...values, ...rest }).map(([key, value]) => [
    `\`${key}\``,
    typeof value === "object" ? JSON.stringify(value) : String(value),
  ]);
}
