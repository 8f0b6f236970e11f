// Tables of texts. A table that is wider than the screen scrolls by itself, reached by keyboard, too.
import { type Html, html } from "../../html.ts";

/**
 * The first column names the row.
 * @param caption said by screen readers, and shown by no heading
 * @param names so many columns of a table of numbers name the row, too
 */
export function toTable(
  caption: string,
  columns: readonly string[],
  rows: readonly (readonly (string | Html)[])[],
  kind: "numbers" | "texts" = "numbers",
  names = 1,
): Html {
  const nameClass = (column: number) => (column < names ? html` class="name"` : "");
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table class="${kind}"><thead><tr>${columns.map(
    (column, index) =>
      column === "" ? html`<td></td>` : html`<th scope="col"${nameClass(index)}>${column}</th>`,
  )}</tr></thead><tbody>${rows.map(
    ([name = "", ...cells]) =>
      html`<tr><th scope="row">${name}</th>${cells.map((cell, index) => html`<td${nameClass(index + 1)}>${cell}</td>`)}</tr>\n`,
  )}</tbody></table></div>`;
}

/** Label and value, one below the other. */
export function toPairs(pairs: readonly (readonly [string, string | Html])[]): Html {
  return html`<dl class="pairs">${pairs.map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>\n`)}</dl>`;
}
