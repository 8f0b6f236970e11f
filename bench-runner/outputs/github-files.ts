// What a run writes to the files of a GitHub Actions step: its summary on the job's page, its figures as variables.
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import type { K6SummaryData } from "../../lib/core/goals/console-summary.ts";
import { systemReason } from "../platform/user-error.ts";
import { RUN_FILES } from "../run-folder/run-files.ts";
import type { RunFolder } from "../run-folder/run-folder.ts";
import type { Summary } from "../summary/summary.ts";
import { toBenchVariables } from "./bench-results.ts";
import { renderMarkdown } from "./render-markdown.ts";
import { renderRepeatsMarkdown } from "./repeats.ts";

/** One finished run, or one of several repeats. */
export interface Finished {
  summary: Summary;
  folder: RunFolder;
}

/**
 * Appends to the files named by GITHUB_STEP_SUMMARY and GITHUB_ENV, if they are set. For several repeats the page has the
 * table first, and the variables are those of the last one.
 * @returns one sentence for each file that could not be written
 */
export function writeGithubFiles(
  finished: readonly Finished[],
  variables: Readonly<Record<string, string | undefined>>,
): string[] {
  const last = finished.at(-1);
  if (last === undefined) return [];
  return [
    append("GITHUB_STEP_SUMMARY", variables, () => `${toPage(finished.map(({ summary }) => summary))}\n`),
    append("GITHUB_ENV", variables, () =>
      toBenchVariables(last.summary, readK6Summary(last.folder))
        .map(([name, value]) => `${name}=${value}\n`)
        .join(""),
    ),
  ].filter((problem) => problem !== undefined);
}

/** The Markdown of a job's page. */
function toPage(summaries: Summary[]): string {
  const [first] = summaries as [Summary];
  if (summaries.length === 1) return renderMarkdown(first);
  const parts = summaries.map(
    (summary, index) =>
      `<details><summary>Repeat ${index + 1}</summary>\n\n${renderMarkdown(summary)}\n</details>\n`,
  );
  return [`# ${summaries.length} repeats\n`, `${renderRepeatsMarkdown(summaries)}\n`, ...parts].join("\n");
}

function readK6Summary(folder: RunFolder): K6SummaryData | undefined {
  const path = folder.file(RUN_FILES.k6Summary);
  try {
    return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as K6SummaryData) : undefined;
  } catch {
    // k6 could not finish writing the summary; the cross-check reports it.
    return undefined;
  }
}

function append(
  name: string,
  variables: Readonly<Record<string, string | undefined>>,
  toText: () => string,
): string | undefined {
  const path = variables[name];
  if (!path) return undefined;
  try {
    appendFileSync(path, toText());
    return undefined;
  } catch (error) {
    return `Could not append to \`${path}\` (${name}): ${systemReason(error)}.`;
  }
}
