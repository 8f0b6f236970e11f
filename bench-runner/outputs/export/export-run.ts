// A finished run as exports read it: its requests one by one, and its summary, made once and only if it is needed.
import { existsSync } from "node:fs";
import { basename, resolve } from "node:path";
import { UserError } from "../../platform/user-error.ts";
import type { JournalState } from "../../run-folder/journal-reader.ts";
import { RUN_FILES } from "../../run-folder/run-files.ts";
import { RunFolder } from "../../run-folder/run-folder.ts";
import type { RunInput } from "../../summary/run-input.ts";
import { makeUpOutcome, readRunInput } from "../../summary/run-input.ts";
import { summarize } from "../../summary/summarize.ts";
import type { Summary } from "../../summary/summary.ts";
import { hasRecords, type RecordView, readRecords } from "./record-view.ts";

export interface ExportRun {
  folder: RunFolder;
  /** The name of the folder, which begins with the run's time and so identifies the run. */
  id: string;
  input: RunInput;
  /** What the last reading of the journal found. */
  state: JournalState;
  records(): AsyncGenerator<RecordView>;
  summary(): Promise<Summary>;
}

/** @throws UserError for a folder that is not a run folder, or that has no recorded request */
export async function openRun(given: string): Promise<ExportRun> {
  const folder = new RunFolder(resolve(given));
  if (!existsSync(folder.file(RUN_FILES.config))) {
    throw new UserError(
      `\`${given}\` is not a run folder: ${folder.file(RUN_FILES.config)} is missing. Give the folder of a finished run.`,
    );
  }
  const path = folder.file(RUN_FILES.records);
  const isKnown = existsSync(folder.file(RUN_FILES.outcome));
  const input = readRunInput(folder, isKnown || !existsSync(path) ? undefined : makeUpOutcome(folder));
  if (input === undefined || !(await hasRecords(path))) {
    throw new UserError(`\`${given}\` has no recorded request: there is nothing to export.`);
  }
  const state: JournalState = {};
  let summary: Promise<Summary> | undefined;
  return {
    folder,
    id: basename(folder.path),
    input,
    state,
    records: () => readRecords(path, state),
    summary: () => {
      summary ??= summarize(input);
      return summary;
    },
  };
}
