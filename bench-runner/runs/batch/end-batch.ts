// The end of a batch: the matrix of its runs, in its folder and on standard output.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { makeMatrix } from "../../decide/matrix/make-matrix.ts";
import { EXIT } from "../../platform/exit-codes.ts";
import { UserError } from "../../platform/user-error.ts";
import { RUN_FILES } from "../../run-folder/run-files.ts";
import type { Measurement } from "../measurement.ts";
import { regenerateSummary } from "../results.ts";
import type { BatchFile } from "./batch-file.ts";

/** @returns whether everything could be written */
export async function endBatch(
  { folder, variables, say, print, hidden }: Measurement,
  file: BatchFile,
  { json, quiet }: { json: boolean; quiet: boolean },
): Promise<boolean> {
  const problems = [...folder.problems];
  for (const problem of problems) say(problem);
  if (!file.runs.some((run) => run.folder !== undefined && hasResult(join(folder.path, run.folder)))) {
    say(`No run has a result. See ${folder.path} for logs.`);
    return problems.length === 0;
  }
  const isPrinted = !json && !quiet;
  try {
    if (isPrinted) print("");
    const exitCode = await makeMatrix(
      [folder.path],
      { output: folder.path },
      { variables, say, hidden, print: isPrinted ? print : () => {} },
      regenerateSummary,
    );
    if (quiet && !json) print(folder.path);
    return exitCode === EXIT.ok && problems.length === 0;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    say(error.message);
    return false;
  }
}

/** Whether a run or one of its repeats has a result. */
function hasResult(folder: string): boolean {
  return [folder, join(folder, "repeat-1")].some((path) => existsSync(join(path, RUN_FILES.summary)));
}
