// The document around a page of charts: one file that loads nothing, with its style, its data and its own script.
import { createHash } from "node:crypto";
import { type Html, html, toScriptJson, trusted } from "../../html.ts";

/** The output of build.mjs, inserted into the page unchanged. */
export interface PageParts {
  script: string;
  style: string;
}

export interface PageContent {
  title: string;
  /** The text of the link that skips the header. */
  skip: string;
  /** The kind of page, shown above the heading. */
  brand: string;
  /** The heading and the text below it. */
  header: Html;
  /** The entries of the list of sections. */
  sections: readonly { id: string; title: string }[];
  main: Html;
  footer: string;
  /** The data that the script draws. */
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

/** A section with its heading, the target of a link in the list of sections. */
export function toPageSection(id: string, title: string, content: Html): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>
${content}</section>\n`;
}

/** Nothing is loaded, and only the page's own script runs: it is allowed by its hash, so that no text can become a script. */
function toPolicy(script: string): string {
  if (/<\/script|<!--/i.test(script)) throw new Error("The page's script has `</script` or `<!--` in it.");
  const hash = createHash("sha256").update(script).digest("base64");
  return `default-src 'none'; script-src 'sha256-${hash}'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'`;
}
