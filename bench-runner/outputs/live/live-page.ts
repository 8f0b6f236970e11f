// The page at `/`: one self-contained document that loads nothing and runs no other script. Pure.
import { createHash } from "node:crypto";
import { type Html, html, trusted } from "../html.ts";
import type { PageParts } from "../report/html/document.ts";
import { LIVE_CHARTS } from "./live-charts.ts";

export interface LivePage {
  html: string;
  /** Value of the header Content-Security-Policy: only this script and style, and only events of the same server. */
  policy: string;
}

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

function toChart({ id, title, note }: (typeof LIVE_CHARTS)[number]): Html {
  return html`<section id="${id}">
<div class="head"><h2>${title}</h2><span class="now">–</span></div>
<svg role="img" aria-label="${title}"></svg>
<p class="note">${note}</p>
</section>\n`;
}

/**
 * @param run any texts
 * @param parts the output of build.mjs for page/, inserted verbatim
 */
export function toLivePage(
  run: { name: string; scenario: string; version: string },
  { script, style }: PageParts,
): LivePage {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${run.name} – server-bench</title>
<link rel="icon" href="data:,">
<style>${trusted(style)}</style>
</head>
<body>
<header>
<h1>${run.name}</h1>
<p>scenario ${run.scenario}</p>
<p id="state" role="status">Connecting</p>
<p id="sums"></p>
</header>
<main>
${LIVE_CHARTS.map(toChart)}</main>
<footer><p>The last ten minutes of all phases, one point per second, in this machine's time.
For Prometheus: <a href="metrics">/metrics</a>. server-bench ${run.version}</p>
<noscript>The charts need JavaScript.</noscript></footer>
<script>${trusted(script)}</script>
</body>
</html>
`;
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    "img-src data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
  return { html: page.text, policy };
}
