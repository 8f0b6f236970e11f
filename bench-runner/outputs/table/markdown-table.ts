// A table as Markdown, in the dialect of GitHub and GitLab.
import { type Table, toWords, type Words, withMark } from "./table.ts";

/** The table, its notes below it; without a line end. */
export function renderMarkdownTable({ columns, rows, notes = [] }: Table): string {
  const toLine = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    toLine(columns.map(({ title }) => escapeMarkdown(title))),
    `|${columns.map(({ align }) => (align === "right" ? "---:" : "---")).join("|")}|`,
    ...rows.map((row) =>
      toLine(
        columns.map((column, index) =>
          toWords(row[index], column)
            .map((words) => escapeMarkdown(toMarkdown(words)))
            .join(" ")
            .trim(),
        ),
      ),
    ),
    ...(notes.length > 0 ? ["", notes.join("\n\n")] : []),
  ].join("\n");
}

function toMarkdown(words: Words): string {
  const { strong, href, mark } = words;
  const text = strong
    ? words.text.replace(/^\S+/, (first) => `**${first}**${(mark ?? "").replace("*", "\\*")}`)
    : withMark(words);
  return href === undefined ? text : `[${text}](${href})`;
}

/** What would end a cell or a line. */
export function escapeMarkdown(text: string): string {
  return text.replace(/\\?\|/g, "\\|").replace(/\s*\n\s*/g, " ");
}
