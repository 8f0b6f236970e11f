// The summaries of run folders, regenerated where one is missing or unreadable.
import { readFileSync } from "node:fs";
import { UserError } from "../../platform/user-error.ts";
import { RUN_FILES } from "../../run-folder/run-files.ts";
import { RunFolder } from "../../run-folder/run-folder.ts";
import type { Summary } from "../../summary/summary.ts";

export interface MatrixRun {
  /** Absolute path. */
  folder: string;
  summary: Summary;
  /** Only for one of two servers of a run: how it is told from the other. */
  serverName?: string;
}

/** Makes the summary of a run folder again; undefined if no request was recorded. */
export type Regenerate = (folder: RunFolder) => Promise<Summary | undefined>;

/**
 * @param say receives one line for each run that is left out
 * @param regenerate for a folder whose summary is missing or unreadable
 */
export async function readRuns(
  folders: readonly string[],
  say: (text: string) => void,
  regenerate: Regenerate,
): Promise<MatrixRun[]> {
  const runs: MatrixRun[] = [];
  for (const folder of folders) {
    try {
      const summary = readSummary(folder) ?? (await regenerate(new RunFolder(folder)));
      if (summary === undefined) say(`${folder} has no recorded request: it is left out.`);
      else runs.push({ folder, summary });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      say(`${folder} is left out: ${error.message}`);
    }
  }
  return runs;
}

/** Undefined if it must be regenerated. */
function readSummary(folder: string): Summary | undefined {
  try {
    const summary = JSON.parse(
      readFileSync(new RunFolder(folder).file(RUN_FILES.summary), "utf8"),
    ) as Summary;
    return summary.schema === "server-bench/summary/1" ? summary : undefined;
  } catch {
    return undefined;
  }
}
