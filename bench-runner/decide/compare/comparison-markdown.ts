// A comparison as Markdown: for a pull request, or the page of a CI job.
import { escapeMarkdown, renderMarkdownTable } from "../../outputs/table/markdown-table.ts";
import { toTextTable } from "../../outputs/table/table.ts";
import { toComparisonRows, toComparisonTable } from "./comparison-rows.ts";
import type { Comparison } from "./comparison-types.ts";

const RESULT_WORDS = {
  held: "held",
  failed: "**FAILED**",
  uncertain: "**uncertain**",
  "cannot tell": "cannot tell",
};

/** @returns the document, with a line end */
export function renderComparisonMarkdown(comparison: Comparison): string {
  const rows = toComparisonRows(comparison);
  const isSeveral = rows.pairs.length > 1;
  const requirements = rows.pairs.flatMap(({ name, requirements: all }) =>
    all.map(({ result, text }) => [isSeveral ? `${name}: ${text}` : text, RESULT_WORDS[result]]),
  );
  const sections = [
    `# ${escapeMarkdown(rows.title)}`,
    ...rows.pairs.map(
      ({ name, headline }) => `**${escapeMarkdown(isSeveral ? `${name}: ${headline}` : headline)}**`,
    ),
    ...rows.pairs.flatMap(({ differences }) =>
      differences.map((text) => `> Not the same: ${escapeMarkdown(text)}`),
    ),
    requirements.length > 0 ? renderMarkdownTable(toTextTable(["requirement", "result"], requirements)) : "",
    renderMarkdownTable(toComparisonTable(rows, comparison.confidence)),
    renderMarkdownTable(toTextTable(["", ""], rows.sides)),
    rows.notes.map((text) => `- ${escapeMarkdown(text)}`).join("\n"),
  ];
  return `${sections.filter(Boolean).join("\n\n")}\n`;
}
