// A page of charts as one file, for a browser without a network: the look and the policy of report.html. Pure but for the script's own text.

import { toFigures } from "../charts/figures.ts";
import { type Html, html, withCode } from "../html.ts";
import { toDocument, toPageSection } from "../report/html/document.ts";
import { readPageParts } from "../report/page-parts.ts";
import type { ChartPage, Section } from "./chart-page.ts";

/**
 * @returns the document, with a line end
 * @throws UserError where the page's script was not built
 */
export function renderChartPage(page: ChartPage, parts = readPageParts("chart-page")): string {
  const { title, subtitle, verdict, sections } = page;
  return toDocument(
    {
      title,
      skip: verdict === undefined ? "Skip to the charts" : "Skip to the verdict",
      brand: "server-bench",
      header: html`<h1>${title}</h1>${subtitle !== undefined && html`<p>${withCode(subtitle)}</p>`}`,
      sections: sections.map(({ id, heading }) => ({ id, title: heading })),
      main: html`${verdict && toVerdict(verdict)}
${sections.map((section) => toPageSection(section.id, section.heading, toContent(section)))}`,
      footer: "Made by server-bench from the files of the runs; the file needs no network.",
      data: sections.flatMap(({ charts = [] }) => charts),
    },
    parts,
  );
}

function toVerdict({ ok, text }: NonNullable<ChartPage["verdict"]>): Html {
  const [kind, sign, word] =
    ok === undefined
      ? ["not-judged", "○", "Not judged"]
      : ok
        ? ["passed", "✓", "Passed"]
        : ["failed", "✗", "Failed"];
  return html`<section class="verdict ${kind}" aria-labelledby="verdict">
<h2 id="verdict"><span aria-hidden="true">${sign}</span> ${word}</h2>
<p>${withCode(text)}</p>
</section>`;
}

function toContent({ intro, html: given, charts = [] }: Section): Html {
  return html`${intro !== undefined && html`<p class="intro">${withCode(intro)}</p>`}
${given}
${charts.length > 0 && toFigures(charts)}`;
}
