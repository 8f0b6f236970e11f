// A table as HTML. One that is wider than the screen scrolls by itself, reached by keyboard, too.
import { type Html, html } from "../html.ts";
import { type Table, toWords, type Words, withMark } from "./table.ts";

/** Tables of more columns have narrow cells, whose ranges break into a line of their own. */
const MOST_ROOMY = 10;

/**
 * The first column names the row, and stays where it is when the table scrolls.
 * @param caption said by screen readers, and shown by no heading
 */
export function renderHtmlTable(caption: string, { columns, rows, notes = [] }: Table): Html {
  const hasNumbers = columns.some(({ align }) => align === "right");
  // Among numbers every column of texts is kept narrow; a table of texts has but one such column.
  const toClass = (index: number) =>
    index === 0 || (hasNumbers && columns[index]?.align !== "right") ? html` class="name"` : "";
  const toCell = (row: Table["rows"][number], index: number) =>
    toWords(row[index], columns[index] ?? {}).map((words, at) => html`${at > 0 && " "}${toHtml(words)}`);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table class="${toTableClass(columns.length, hasNumbers)}"><thead><tr>${columns.map(
    ({ title }, index) =>
      title === "" ? html`<td></td>` : html`<th scope="col"${toClass(index)}>${title}</th>`,
  )}</tr></thead><tbody>${rows.map(
    (row) =>
      html`<tr><th scope="row">${toCell(row, 0)}</th>${columns
        .slice(1)
        .map((_, index) => html`<td${toClass(index + 1)}>${toCell(row, index + 1)}</td>`)}</tr>\n`,
  )}</tbody></table></div>${notes.map((note) => html`<p class="note">${note}</p>`)}`;
}

function toTableClass(columns: number, hasNumbers: boolean): string {
  if (!hasNumbers) return "texts";
  return columns > MOST_ROOMY ? "numbers wide" : "numbers";
}

function toHtml(words: Words): Html {
  const note = words.note === undefined ? undefined : html`<span class="quiet"> ${words.note}</span>`;
  const text = html`${withMark(words).trim()}${note}`;
  const strong = words.strong ? html`<strong>${text}</strong>` : text;
  const { href, tip } = words;
  return href === undefined
    ? strong
    : html`<a href="${href}"${tip !== undefined && html` title="${tip}"`}>${strong}</a>`;
}

/** Label and value, one below the other. */
export function toPairs(pairs: readonly (readonly [string, string | Html])[]): Html {
  return html`<dl class="pairs">${pairs.map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>\n`)}</dl>`;
}
