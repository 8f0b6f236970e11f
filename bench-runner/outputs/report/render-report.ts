// report.html: one file with everything in it, for a browser without a network.
//
// Words and tables stand in the page itself; its script only draws the charts. Whatever comes from a run is escaped.
import { toModelName } from "../../summary/model-name.ts";
import type { ReportData } from "../../summary/series/report-data.ts";
import type { RunInput, RunReading } from "../../summary/summarize.ts";
import type { Summary } from "../../summary/summary.ts";
import { html } from "../html.ts";
import { type PageParts, toDocument, toPageSection } from "./html/document.ts";
import { toHeadlineSection } from "./html/headline-section.ts";
import { type MoreOfTheRun, toSections } from "./html/sections.ts";
import { toVerdictSection, toWarningSection } from "./html/verdict-section.ts";
import { toReportData } from "./make-report-data.ts";
import { readPageParts } from "./page-parts.ts";

/**
 * @param files of the run folder, with what each holds
 * @throws UserError where the page's script was not built
 */
export function makeReport(
  input: RunInput,
  reading: RunReading,
  summary: Summary,
  files: NonNullable<MoreOfTheRun["files"]>,
): string {
  const parts = readPageParts("report");
  const data = toReportData(input, reading, summary);
  return renderReport(summary, data, parts, { commands: input.config.commands, files });
}

/** @returns the document, with a line end */
export function renderReport(
  summary: Summary,
  data: ReportData,
  parts: PageParts,
  more: MoreOfTheRun = {},
): string {
  const sections = toSections(summary, data, more);
  const { run } = summary;
  const model = toModelName(summary) ?? summary.configuration.serverUrl;
  const facts = [
    `scenario ${run.scenario}`,
    run.runnerLabel,
    run.branch && `branch ${run.branch}`,
    run.commit && `commit ${toShortCommit(run.commit)}`,
  ].filter((fact) => fact !== undefined);
  return toDocument(
    {
      title: toTitle(summary, model),
      skip: "Skip to the verdict",
      brand: "server-bench · load test report",
      header: html`<h1>${model}</h1>
<p>Run <b>${run.name}</b>: ${describeLoad(summary)}. <time datetime="${run.start}">${toShownTime(run.start)}</time>. ${facts.join(" · ")}</p>`,
      sections,
      main: html`${toVerdictSection(summary, data)}
${toHeadlineSection(summary)}
${toWarningSection(summary)}
${sections.map(({ id, title, content }) => toPageSection(id, title, content))}`,
      footer: `Made by server-bench${summary.environment ? ` ${summary.environment.serverBench}` : ""} from the files of the run; the file needs no network.`,
      data,
    },
    parts,
  );
}

/** A whole hash would fill a line; the table of the environment has it. */
function toShortCommit(commit: string): string {
  return /^[0-9a-f]{40,}$/.test(commit) ? commit.slice(0, 12) : commit;
}

function toTitle({ run }: Summary, model: string): string {
  return `${model} · ${run.name} · ${run.start.slice(0, 10)}`;
}

/** "2026-11-24 17:49 UTC". */
function toShownTime(iso: string): string {
  return `${iso.slice(0, 16).replace("T", " ")} UTC`;
}

function describeLoad({ configuration, arrivals }: Summary): string {
  const { kind, vus, serverUrl, serverStartedHere, serverName = "llama-server" } = configuration;
  const load =
    kind === "open"
      ? `an open loop${arrivals ? ` of ${arrivals.offered} arrivals` : ""}`
      : `${vus} ${vus === 1 ? "client" : "clients"}`;
  return `${load} against ${serverStartedHere ? `${serverName} on this machine` : serverUrl}`;
}
