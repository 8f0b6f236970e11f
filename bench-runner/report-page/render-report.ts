// report.html: one file with everything in it, for a browser without a network. Pure.
//
// Words and tables stand in the page itself; its script only draws the charts. Whatever comes from a run is escaped.
import { createHash } from "node:crypto";
import type { Summary } from "../summary.ts";
import { toHeadlineSection } from "./html/headline.ts";
import { html, toScriptJson, trusted } from "./html/html.ts";
import { type MoreOfTheRun, toSections } from "./html/sections.ts";
import { toVerdictSection, toWarningSection } from "./html/verdict.ts";
import type { ReportData } from "./report-data.ts";

/** What build.mjs made of page/: both go into the page as they are. */
export interface PageParts {
  script: string;
  style: string;
}

/** @returns the document, with a line end */
export function renderReport(
  summary: Summary,
  data: ReportData,
  { script, style }: PageParts,
  more: MoreOfTheRun = {},
): string {
  const sections = toSections(summary, data, more);
  const { run } = summary;
  const model = toModelName(summary);
  const facts = [run.scenario, run.runnerLabel, run.branch, run.commit].filter((fact) => fact !== undefined);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${toPolicy(script)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="server-bench">
<title>${toTitle(summary, model)}</title>
<style>${trusted(style.replaceAll("</", "<\\/"))}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the verdict</a>
<header>
<div class="bar"><p class="brand">server-bench · load test report</p><button type="button" id="theme-toggle" hidden>Dark theme</button></div>
<h1>${model}</h1>
<p>Run <b>${run.name}</b>: ${describeLoad(summary)}. <time datetime="${run.start}">${toShownTime(run.start)}</time>. ${facts.join(" · ")}</p>
<nav aria-label="Sections"><ul>${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
</header>
<main id="main" tabindex="-1">
${toVerdictSection(summary)}
${toHeadlineSection(summary)}
${toWarningSection(summary)}
${sections.map(
  ({
    id,
    title,
    content,
  }) => html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>
${content}</section>\n`,
)}
</main>
<footer><p>Made by server-bench${summary.environment && ` ${summary.environment.serverBench}`} from the files of the run; the file needs no network.</p></footer>
<script type="application/json" id="report-data">${toScriptJson(data)}</script>
<script>${trusted(script)}</script>
</body>
</html>
`;
  return page.text;
}

/** Nothing is loaded, and no script runs but the page's own: by its hash, so that not even an escaped text could become one. */
function toPolicy(script: string): string {
  if (/<\/script|<!--/i.test(script)) throw new Error("The page's script has `</script` or `<!--` in it.");
  const hash = createHash("sha256").update(script).digest("base64");
  return `default-src 'none'; script-src 'sha256-${hash}'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'`;
}

function toModelName({ environment, configuration }: Summary): string {
  const { model, modelAlias } = configuration.values;
  const path =
    environment?.model?.path ?? environment?.server?.modelPath ?? (typeof model === "string" ? model : "");
  const file = path
    .split(/[/\\]/)
    .at(-1)
    ?.replace(/\.gguf$/i, "");
  return (
    file ||
    environment?.server?.models?.[0] ||
    (typeof modelAlias === "string" ? modelAlias : "") ||
    configuration.serverUrl
  );
}

function toTitle({ run }: Summary, model: string): string {
  return `${model} · ${run.name} · ${run.start.slice(0, 10)}`;
}

/** "2026-11-24 17:49 UTC". */
function toShownTime(iso: string): string {
  return `${iso.slice(0, 16).replace("T", " ")} UTC`;
}

function describeLoad({ configuration, arrivals }: Summary): string {
  const { kind, vus, serverUrl, serverStartedHere } = configuration;
  const load =
    kind === "open"
      ? `an open loop${arrivals ? ` of ${arrivals.offered} arrivals` : ""}`
      : `${vus} ${vus === 1 ? "client" : "clients"}`;
  return `${load} against ${serverStartedHere ? "llama-server on this machine" : serverUrl}`;
}
