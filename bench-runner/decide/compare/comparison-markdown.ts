// A comparison as Markdown: for a pull request, or the page of a CI job.
import { toMarkdownTable } from "../../outputs/render-markdown.ts";
import type { Comparison } from "./comparison.ts";
import { toComparisonRows } from "./comparison-rows.ts";

const RESULT_WORDS = { held: "held", failed: "**FAILED**", "cannot tell": "cannot tell" };

/** @returns the document, with a line end */
export function renderComparisonMarkdown(comparison: Comparison): string {
  const rows = toComparisonRows(comparison);
  const isSeveral = rows.pairs.length > 1;
  const percent = `${Math.round(comparison.confidence * 1000) / 10} % interval`;
  const header = ["", "BASE", ...rows.pairs.flatMap(({ name }) => [name, "change", percent, "verdict"])];
  const body = rows.metrics.map(({ label, base }, at) => [
    label,
    base,
    ...rows.pairs.flatMap(({ cells }) => {
      const { next = "", change = "", interval = "", verdict = "" } = cells[at] ?? {};
      return [
        next,
        change,
        interval,
        verdict === "worse" || verdict === "better" ? `**${verdict}**` : verdict,
      ];
    }),
  ]);
  const requirements = rows.pairs.flatMap(({ name, requirements: all }) =>
    all.map(({ result, text }) => [isSeveral ? `${name}: ${text}` : text, RESULT_WORDS[result]]),
  );
  const sections = [
    `# ${toLine(rows.title)}`,
    ...rows.pairs.map(({ name, headline }) => `**${isSeveral ? `${name}: ` : ""}${headline}**`),
    ...rows.pairs.flatMap(({ differences }) => differences.map((text) => `> Not the same: ${toLine(text)}`)),
    requirements.length > 0 ? toMarkdownTable(["requirement", "result"], requirements) : "",
    toMarkdownTable(header, body),
    toMarkdownTable(["", ""], rows.sides),
    rows.notes.map((text) => `- ${toLine(text)}`).join("\n"),
  ];
  return `${sections.filter(Boolean).join("\n\n")}\n`;
}

function toLine(text: string): string {
  return text.replace(/\s*\n\s*/g, " ");
}
