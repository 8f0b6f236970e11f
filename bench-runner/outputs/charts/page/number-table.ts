// The numbers of a chart as a table, made when it is opened: a page of thousands of cells would load slowly.
import type { ChartSpec } from "../chart-spec.ts";
import { toPicture } from "../pictures/chart-kinds.ts";
import type { LinkedText } from "../pictures/picture.ts";

export function listenForTables(charts: readonly ChartSpec[]): void {
  for (const chart of charts) {
    const details = document.querySelector<HTMLDetailsElement>(`details[data-chart="${chart.id}"]`);
    details?.addEventListener("toggle", () => {
      const place = details.querySelector(".scroll");
      if (details.open && place !== null && place.childElementCount === 0) place.append(toTable(chart));
    });
  }
}

function toTable(chart: ChartSpec): HTMLTableElement {
  const { columns, rows } = toPicture(chart).table();
  const table = document.createElement("table");
  const head = table.createTHead().insertRow();
  for (const column of columns) {
    const cell = document.createElement("th");
    cell.scope = "col";
    cell.textContent = column;
    head.append(cell);
  }
  const body = table.createTBody();
  for (const row of rows) {
    const line = body.insertRow();
    for (const [at, text] of row.entries()) {
      const cell = document.createElement(at === 0 ? "th" : "td");
      if (at === 0) cell.scope = "row";
      cell.append(typeof text === "string" ? text : toLink(text));
      line.append(cell);
    }
  }
  return table;
}

function toLink({ text, href }: LinkedText): HTMLAnchorElement {
  const link = document.createElement("a");
  link.href = href;
  link.textContent = text;
  return link;
}
