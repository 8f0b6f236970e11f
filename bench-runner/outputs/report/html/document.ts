// The document around a page of charts: one file that loads nothing, with its style, its data and its own script.
import { createHash } from "node:crypto";
import { type Html, html, toScriptJson, trusted } from "../../html.ts";

/** What build.mjs made: both go into the page as they are. */
export interface PageParts {
  script: string;
  style: string;
}

export interface PageContent {
  title: string;
  /** Words of the link that leads past the header. */
  skip: string;
  /** Above the heading: what kind of page it is. */
  brand: string;
  /** The heading and what stands below it. */
  header: Html;
  /** Of the list of sections. */
  sections: readonly { id: string; title: string }[];
  main: Html;
  footer: string;
  /** What the script draws from. */
  data: unknown;
}

/** @returns the document, with a line end */
export function toDocument(content: PageContent, { script, style }: PageParts): string {
  const { title, skip, brand, header, sections, main, footer, data } = content;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${toPolicy(script)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="server-bench">
<title>${title}</title>
<style>${trusted(style.replaceAll("</", "<\\/"))}</style>
</head>
<body>
<a class="skip" href="#main">${skip}</a>
<header>
<div class="bar"><p class="brand">${brand}</p><button type="button" id="theme-toggle" hidden>Dark theme</button></div>
${header}
<nav aria-label="Sections"><ul>${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
</header>
<main id="main" tabindex="-1">
${main}
</main>
<footer><p>${footer}</p></footer>
<script type="application/json" id="page-data">${toScriptJson(data)}</script>
<script>${trusted(script)}</script>
</body>
</html>
`.text;
}

/** A section with its heading, which the list of sections leads to. */
export function toPageSection(id: string, title: string, content: Html): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>
${content}</section>\n`;
}

/** Nothing is loaded, and no script runs but the page's own: by its hash, so that not even an escaped text could become one. */
function toPolicy(script: string): string {
  if (/<\/script|<!--/i.test(script)) throw new Error("The page's script has `</script` or `<!--` in it.");
  const hash = createHash("sha256").update(script).digest("base64");
  return `default-src 'none'; script-src 'sha256-${hash}'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'`;
}
