// The sections below the first screen, for what the run has.

import type { ConfigFile } from "../../../run-folder/run-files.ts";
import type { ReportData } from "../../../summary/series/report-data.ts";
import type { Summary } from "../../../summary/summary.ts";
import type { ChartSpec } from "../../charts/chart-spec.ts";
import { toFigures } from "../../charts/figures.ts";
import { type ReportCharts, toReportCharts } from "../../charts/report/report-charts.ts";
import { type Html, html, withCode } from "../../html.ts";
import { toSteadyTable } from "../../rows/steady-rows.ts";
import { toSummaryRows } from "../../rows/summary-rows.ts";
import { renderHtmlTable, toPairs } from "../../table/html-table.ts";
import { toTextTable } from "../../table/table.ts";
import { toConfigurationSection, toEnvironmentSection } from "./configuration.ts";

/** What the summary does not contain; every part is optional. */
export interface MoreOfTheRun {
  commands?: ConfigFile["commands"];
  /** The other files of the run folder, with what each holds. */
  files?: readonly (readonly [name: string, note: string])[];
}

export interface PageSection {
  id: string;
  title: string;
  content: Html;
}

export function toSections(
  summary: Summary,
  data: ReportData,
  { commands = {}, files = [] }: MoreOfTheRun,
): PageSection[] {
  const charts = toReportCharts(data);
  const rows = toSummaryRows(summary);
  const figures = (section: keyof ReportCharts) =>
    charts[section].length > 0 ? toFigures(charts[section]) : undefined;
  const environment = toEnvironmentSection(summary.environment);
  const sections: [id: string, title: string, content: Html | undefined][] = [
    ["latency", "Latency", figures("latency")],
    ["over-time", "Over time", figures("time")],
    ["failures", "Failures", toFailures(rows.errors, charts.failures)],
    ["prompt-length-section", "Prompt length", figures("prompts")],
    ["queueing", "Queueing", figures("queueing")],
    ["machine", "Server and machine", toMachine(summary, rows.server, charts.machine)],
    ["slowest-section", "Slowest requests", figures("slowest")],
    ["groups", "Tasks and turns", toGroups(rows)],
    ["conversations", "Conversations", toConversations(summary)],
    ["statistics", "All statistics", toStatistics(rows)],
    ["trust", "How far to trust it", toPairs(rows.trust)],
    ["configuration", "Configuration", toConfigurationSection(summary, commands)],
    ["environment", "Environment", environment],
    [
      "rules",
      "How the charts are drawn",
      html`<ul>${data.rules.map((rule) => html`<li>${withCode(rule)}</li>`)}</ul>`,
    ],
    ["files", "Raw files", files.length > 0 ? toFiles(files) : undefined],
  ];
  return sections.flatMap(([id, title, content]) => (content === undefined ? [] : [{ id, title, content }]));
}

function toFailures(errors: readonly [string, string][], charts: readonly ChartSpec[]): Html {
  if (errors.length === 0 && charts.length === 0) return html`<p>Every measured request completed.</p>`;
  return html`${toFigures(charts)}${
    errors.length > 0 &&
    html`<h3>What failed</h3>${renderHtmlTable("What failed", toTextTable(["what", "first message"], errors))}`
  }`;
}

function toMachine(
  summary: Summary,
  rows: readonly [string, string][],
  charts: readonly ChartSpec[],
): Html | undefined {
  const absent = summary.server.absent.map(({ what, reason }): [string, string] => [what, reason]);
  if (rows.length + charts.length + absent.length === 0) return undefined;
  return html`${toPairs(rows)}${toFigures(charts)}${
    absent.length > 0 &&
    html`<details><summary>What is unknown, and why</summary>${toPairs(absent)}</details>`
  }`;
}

function toGroups({
  groups: tables,
  groupLegend: legend,
}: ReturnType<typeof toSummaryRows>): Html | undefined {
  if (tables.length === 0) return undefined;
  return html`${tables.map(
    (table) => html`<h3>${table.title}</h3>${renderHtmlTable(table.title, table)}`,
  )}<p class="note">${legend}</p>`;
}

function toConversations({ conversations }: Summary): Html | undefined {
  if (conversations === undefined) return undefined;
  const { started, completed, failed, interrupted, aborted, turnsSent, turnsUnsent, meanTurns } =
    conversations;
  return toPairs([
    ["Started", String(started)],
    ["Completed", String(completed)],
    ["Failed", `${failed}${turnsUnsent > 0 ? `; ${turnsUnsent} of their turns were never sent` : ""}`],
    ["Interrupted by the end of the run", String(interrupted)],
    ...(aborted === undefined ? [] : [["Aborted on purpose", String(aborted)] as const]),
    ["Turns sent", `${turnsSent}, ${Math.round(meanTurns * 100) / 100} per conversation`],
  ]);
}

function toStatistics(rows: ReturnType<typeof toSummaryRows>): Html {
  return html`${renderHtmlTable("Statistics of every metric", rows.trends)}${rows.hasMarks && html`<p class="note">* too few requests to certify this percentile</p>`}
<h3>Results</h3>${toPairs(rows.results)}
${rows.steady && html`<h3>Steady state</h3>${renderHtmlTable("Steady state", toSteadyTable(rows.steady))}`}`;
}

function toFiles(files: readonly (readonly [string, string])[]): Html {
  return html`<p>These files are in the run folder, next to this report; <code>bench-runner report FOLDER</code> regenerates every result from them.</p>
${toPairs(files.map(([name, note]) => [name, html`<a href="${encodeURI(name)}">${name}</a>: ${note}`]))}`;
}
