// From the raw files of a run folder to its results: summary.json, .md, .csv and the text for the terminal.

import { RUN_FILES } from "./run-files.ts";
import type { RunFolder } from "./run-folder.ts";
import { readRunInput } from "./run-input.ts";
import { summarize } from "./summarize.ts";

export interface Results {
  /** For the terminal; undefined when the folder has no recorded request to summarise. */
  text: string | undefined;
  /** At least one request completed. */
  completed: boolean;
  /** Every file could be written. */
  written: boolean;
}

/** @throws UserError for a file of the folder that cannot be read */
export async function writeResults(folder: RunFolder): Promise<Results> {
  const input = await readRunInput(folder);
  if (input === undefined) return { text: undefined, completed: false, written: false };
  const summary = await summarize(input);
  const files = {
    [RUN_FILES.summary]: `${JSON.stringify(summary, null, 2)}\n`,
  };
  let written = true;
  for (const [name, text] of Object.entries(files)) written = folder.tryWrite(name, text) && written;
  const shown = [...Object.keys(files), RUN_FILES.records].map((name) => folder.file(name));
  return {
    text: [JSON.stringify(summary.requests), "", ...shown].join("\n"),
    completed: (summary.requests.byVerdict.complete ?? 0) > 0,
    written,
  };
}
