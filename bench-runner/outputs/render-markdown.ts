// A summary as Markdown: for a pull request, a CI page, a file beside the journal.

import type { Summary } from "../summary/summary.ts";
import { renderMermaid } from "./mermaid-chart.ts";
import { GROUP_LEGEND } from "./rows/group-rows.ts";
import { STATISTIC_COLUMNS, toSummaryRows } from "./rows/summary-rows.ts";

/** @returns the document, with a line end */
export function renderMarkdown(summary: Summary): string {
  const rows = toSummaryRows(summary);
  const sections = [
    `# ${escapeCell(rows.title)}`,
    rows.warnings.map(({ text, remedy }) => `> **${escapeCell(text)}** ${escapeCell(remedy)}`).join("\n>\n"),
    rows.headline.verdicts
      .filter(({ kind }) => kind !== "warning")
      .map(({ text }) => `**${text}**`)
      .join(" "),
    toMarkdownTable(["", ""], rows.results),
    rows.trends.length > 0
      ? toMarkdownTable(
          ["", ...STATISTIC_COLUMNS],
          rows.trends.map(({ label, cells }) => [
            label.trim(),
            ...STATISTIC_COLUMNS.map((column) => cells[column]),
          ]),
        )
      : "",
    rows.hasMarks ? "\\* too few requests to certify this percentile" : "",
    rows.histogram ? renderMermaid(rows.histogram.name, rows.histogram) : "",
    rows.steady
      ? `## Steady state\n\n${toMarkdownTable(
          ["", "whole window", "steady state"],
          rows.steady.map(({ label, window, steady }) => [label, window, steady]),
        )}`
      : "",
    ...rows.groups.map(
      ({ title, columns, rows: groups }) =>
        `## ${title}\n\n${toMarkdownTable(
          ["", ...columns],
          groups.map(({ name, cells }) => [name, ...columns.map((column) => cells[column])]),
        )}`,
    ),
    rows.groups.length > 0 ? `${GROUP_LEGEND[0]?.toUpperCase()}${GROUP_LEGEND.slice(1)}.` : "",
    rows.server.length > 0 ? `## Server and machine\n\n${toMarkdownTable(["", ""], rows.server)}` : "",
    rows.errors.length > 0 ? `## Failures\n\n${toMarkdownTable(["what", "first message"], rows.errors)}` : "",
    rows.gates.length > 0
      ? `## ${rows.gatesTitle}\n\n${toMarkdownTable(
          ["", "result"],
          rows.gates.map(({ text, ok, found }) => [
            `\`${text}\``,
            `${ok ? "passed" : "**failed**"}${found === undefined ? "" : ` (${found})`}`,
          ]),
        )}`
      : "",
    `## How far to trust it\n\n${toMarkdownTable(["", ""], rows.trust)}`,
    `## Configuration\n\n${toMarkdownTable(["option", "value"], configurationRows(summary))}`,
  ];
  return `${sections.filter(Boolean).join("\n\n")}\n`;
}

/** A Markdown table; the first columns are text, the others are numbers when there are more than two. */
export function toMarkdownTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  texts = 1,
): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escapeCell).join(" | ")} |`;
  const rule = header.map((_, column) => (column >= texts && header.length > 2 ? "---:" : "---"));
  return [line(header), `|${rule.join("|")}|`, ...rows.map(line)].join("\n");
}

function configurationRows({ configuration }: Summary): [string, string][] {
  const { values, ...rest } = configuration;
  return Object.entries({ ...values, ...rest }).map(([key, value]) => [
    `\`${key}\``,
    typeof value === "object" ? JSON.stringify(value) : String(value),
  ]);
}

function escapeCell(text: string): string {
  return text.replace(/\\?\|/g, "\\|").replace(/\s*\n\s*/g, " ");
}
