// The frame of each chart: its caption and finding in words stand in the page, the picture is drawn into it later.

import { type Html, html } from "../html.ts";
import type { Picture } from "./report/chart.ts";

export function toFigure({ id, title, finding, legend, height, isWide }: Picture): Html {
  return html`<figure class="${isWide ? "wide" : ""}">
<figcaption><h3>${title}</h3><p>${toSentence(title, finding)}</p></figcaption>
<div class="chart" id="${id}" role="img" tabindex="0" aria-label="${finding}" style="height:${height}px"></div>
${legend && html`<p class="note">${legend}</p>`}
<details data-chart="${id}"><summary>Numbers<span class="quiet"> of ${title}</span></summary><div class="scroll" tabindex="0" role="region" aria-label="Numbers of ${title}"></div></details>
</figure>\n`;
}

/** The heading says already what it is about; who hears the picture's label alone needs it there. */
function toSentence(title: string, finding: string): string {
  const [about = "", rest] = finding.split(/: (.*)/s);
  const text = rest !== undefined && title.startsWith(about) ? rest : finding;
  return `${text[0]?.toUpperCase() ?? ""}${text.slice(1)}`;
}

export function toFigures(charts: readonly Picture[]): Html {
  return html`<div class="figures">${charts.map(toFigure)}</div>`;
}
