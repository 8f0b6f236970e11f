// The summaries of run folders, made anew where one is missing or no longer readable.
import { readFileSync } from "node:fs";
import { UserError } from "../../platform/user-error.ts";
import { RUN_FILES } from "../../run-folder/run-files.ts";
import { RunFolder } from "../../run-folder/run-folder.ts";
import { writeResults } from "../../runs/results.ts";
import type { Summary } from "../../summary/summary.ts";

export interface MatrixRun {
  /** Absolute path. */
  folder: string;
  summary: Summary;
}

/** @param say of a run that has nothing to show, and is left out */
export async function readRuns(
  folders: readonly string[],
  say: (text: string) => void,
): Promise<MatrixRun[]> {
  const runs: MatrixRun[] = [];
  for (const folder of folders) {
    try {
      const summary = readSummary(folder) ?? (await writeResults(new RunFolder(folder))).summary;
      if (summary === undefined) say(`${folder} has no recorded request: it is left out.`);
      else runs.push({ folder, summary });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      say(`${folder} is left out: ${error.message}`);
    }
  }
  return runs;
}

/** Undefined where it has to be made anew. */
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
