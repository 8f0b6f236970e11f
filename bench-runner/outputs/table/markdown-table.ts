// A table as Markdown, in the dialect of GitHub and GitLab.
import { toPlainLine } from "../../platform/plain-text.ts";
import { type Table, toWords, type Words, withMark } from "./table.ts";

/** The table, its notes below it; without a line end. */
export function renderMarkdownTable({ columns, rows, notes = [] }: Table): string {
  const toLine = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    toLine(columns.map(({ title }) => escapeMarkdown(title))),
    `|${columns.map(({ align }) => (align === "right" ? "---:" : "---")).join("|")}|`,
    ...rows.map((row) =>
      toLine(columns.map((column, index) => toWords(row[index], column).map(toMarkdown).join(" ").trim())),
    ),
    ...(notes.length > 0 ? ["", notes.map(escapeMarkdown).join("\n\n")] : []),
  ].join("\n");
}

function toMarkdown(words: Words): string {
  const { strong, href, mark } = words;
  const plain = escapeMarkdown(words.text);
  const text = strong
    ? plain.replace(/^\S+/, (first) => `**${first}**${(mark ?? "").replace("*", "\\*")}`)
    : withMark({ ...words, text: plain });
  return href === undefined ? text : `[${text}](${escapeMarkdown(href)})`;
}

/** On one line, without what would end a cell, begin an element of HTML, or make a link or picture; code stays code. */
export function escapeMarkdown(text: string): string {
  return toPlainLine(text)
    .replace(/\\*\|/g, "\\|")
    .replace(/<(?=[a-z/!?])/gi, "&lt;")
    .replaceAll("](", "]\\(");
}
