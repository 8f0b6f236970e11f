// The command `report`: regenerates the results of finished runs from the files in their folders.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Context } from "../platform/context.ts";
import { EXIT } from "../platform/exit-codes.ts";
import { toTerminalLook } from "../platform/terminal-look.ts";
import { UserError } from "../platform/user-error.ts";
import { RUN_FILES } from "../run-folder/run-files.ts";
import { RunFolder } from "../run-folder/run-folder.ts";
import { Outlets } from "./outlets.ts";
import { writeResults } from "./results.ts";

/** The flags of the same names. */
export interface ReportOptions {
  quiet?: boolean;
  json?: boolean;
  /** Path of a CSV file. */
  append?: string;
  /** Goals that replace those of the runs. */
  slo?: string[];
  require?: string[];
}

/**
 * @returns the exit code
 * @throws UserError if a folder is not a run folder
 */
export async function report(
  folders: readonly string[],
  { quiet = false, json = false, append, slo, require }: ReportOptions,
  context: Context,
): Promise<number> {
  let exitCode: number = EXIT.ok;
  const runs = folders.length === 1 ? "one" : "several";
  const outlets = new Outlets(
    { quiet, json, ...(append !== undefined && { append }), runs, isFresh: false },
    { ...context, width: toTerminalLook(process.stdout, context.variables).width },
  );
  for (const given of folders) {
    const folder = new RunFolder(resolve(given));
    if (!existsSync(folder.file(RUN_FILES.config))) {
      throw new UserError(
        `\`${given}\` is not a run folder: ${folder.file(RUN_FILES.config)} is missing. Give the folder of a run.`,
      );
    }
    const goals = { ...(slo && { slo }), ...(require && { require }) };
    const { summary, text, held, undecided, written } = await writeResults(folder, undefined, goals);
    if (summary === undefined || text === undefined) {
      throw new UserError(`\`${given}\` has no recorded request: there is nothing to report.`);
    }
    outlets.take(summary, text, folder);
    for (const problem of folder.problems) context.say(problem);
    if (!written) exitCode = EXIT.failed;
    // The run has already answered for its own requirements.
    else if (require !== undefined && !held && exitCode !== EXIT.failed) {
      if (!undecided) exitCode = EXIT.threshold;
      else if (exitCode === EXIT.ok) exitCode = EXIT.uncertain;
    }
  }
  await outlets.finish();
  return outlets.isWritten ? exitCode : EXIT.failed;
}
