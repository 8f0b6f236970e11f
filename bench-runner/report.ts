// The command `report`: makes the results of finished runs anew from the files in their folders.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { EXIT } from "./exit-codes.ts";
import { describeFiles, writeResults } from "./results.ts";
import { RUN_FILES } from "./run-files.ts";
import { RunFolder } from "./run-folder.ts";
import { UserError } from "./user-error.ts";

/**
 * @returns the exit code
 * @throws UserError for a folder that is no run folder
 */
export async function report(
  folders: readonly string[],
  output: { say: (text: string) => void; print: (text: string) => void },
): Promise<number> {
  let exitCode: number = EXIT.ok;
  for (const given of folders) {
    const folder = new RunFolder(resolve(given));
    if (!existsSync(folder.file(RUN_FILES.config))) {
      throw new UserError(
        `\`${given}\` is no run folder: ${folder.file(RUN_FILES.config)} is missing. Give a folder that a run has made.`,
      );
    }
    const results = await writeResults(folder);
    if (results.text === undefined) {
      throw new UserError(`\`${given}\` has no recorded request: there is nothing to report.`);
    }
    output.print(`${results.text}\n${describeFiles(folder)}`);
    for (const problem of folder.problems) output.say(problem);
    if (!results.written) exitCode = EXIT.failed;
  }
  return exitCode;
}
