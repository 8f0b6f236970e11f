// The frame of each chart: its caption and its words are in the page, the picture is drawn into it later.
import { type Html, html } from "../html.ts";
import type { ChartSpec } from "./chart-spec.ts";
import { toPicture } from "./pictures/chart-kinds.ts";

/** CSS pixels of a chart in a page of usual width: the page corrects the height of others when it draws them. */
const [WIDE, HALF] = [1080, 515];

export function toFigures(charts: readonly ChartSpec[]): Html {
  return html`<div class="figures">${charts.map(toFigure)}</div>`;
}

function toFigure(chart: ChartSpec): Html {
  const { id, title, description, legend, isWide } = chart;
  return html`<figure class="${isWide ? "wide" : ""}">
<figcaption><h3>${title}</h3><p>${toSentence(title, description)}</p></figcaption>
<div class="chart" id="${id}" role="img" tabindex="0" aria-label="${description}" style="height:${toPicture(chart).heightAt(isWide ? WIDE : HALF)}px"></div>
${legend && html`<p class="note">${legend}</p>`}
<details data-chart="${id}"><summary>Numbers<span class="quiet"> of ${title}</span></summary><div class="scroll" tabindex="0" role="region" aria-label="Numbers of ${title}"></div></details>
</figure>\n`;
}

/** The heading has the subject already; a screen reader that reads the picture's label alone needs it there. */
function toSentence(title: string, description: string): string {
  const [about = "", rest] = description.split(/: (.*)/s);
  const text = rest !== undefined && title.startsWith(about) ? rest : description;
  return `${text[0]?.toUpperCase() ?? ""}${text.slice(1)}`;
}
