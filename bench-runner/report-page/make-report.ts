// report.html of a run: the data of its charts, and the page around them.
import type { RunInput } from "../summarize.ts";
import type { Summary } from "../summary.ts";
import type { MoreOfTheRun } from "./html/sections.ts";
import { toReportData } from "./make-report-data.ts";
import { readPageParts } from "./page-parts.ts";
import { renderReport } from "./render-report.ts";

/**
 * @param files of the run folder, with what each holds
 * @throws UserError for a journal that cannot be read, or where the page's script was not built
 */
export async function makeReport(
  input: RunInput,
  summary: Summary,
  files: NonNullable<MoreOfTheRun["files"]>,
): Promise<string> {
  const parts = readPageParts();
  const data = await toReportData(input, summary);
  return renderReport(summary, data, parts, { commands: input.config.commands, files });
}
