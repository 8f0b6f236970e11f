// report.html of a run: the data of its charts, and the page around them.
import type { RunInput, RunReading } from "../../summary/summarize.ts";
import type { Summary } from "../../summary/summary.ts";
import type { MoreOfTheRun } from "./html/sections.ts";
import { toReportData } from "./make-report-data.ts";
import { readPageParts } from "./page-parts.ts";
import { renderReport } from "./render-report.ts";

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
