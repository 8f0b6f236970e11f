// Where the results of finished runs go in addition to their folders: standard output, the files of `--append` and `--results`,
// GitHub's files.
import { resolve } from "node:path";
import { appendRows, checkAppend } from "../outputs/append-csv.ts";
import { addRuns, checkResultsFolder } from "../outputs/export/bench/results-folder.ts";
import { type Finished, writeGithubFiles } from "../outputs/github-files.ts";
import { renderRepeats, renderThroughput } from "../outputs/repeats.ts";
import type { Context } from "../platform/context.ts";
import { EXIT } from "../platform/exit-codes.ts";
import { UserError } from "../platform/user-error.ts";
import type { RunFolder } from "../run-folder/run-folder.ts";
import type { Summary } from "../summary/summary.ts";
import { describeFiles } from "./results.ts";

export interface OutletOptions {
  /** Standard output gets JSON and nothing else. */
  json: boolean;
  /** Only the path of the run folder, and warnings. */
  quiet: boolean;
  throughputOnly?: boolean;
  /** Path of a CSV file. */
  append?: string;
  /** Path of a folder of results that accumulate. */
  results?: string;
  /** `one`: its summary as soon as it is known. `several`: the same for each run. `repeats`: one table of all at the end. */
  runs: "one" | "several" | "repeats";
  /** True for runs that were just made, false for runs that are only reported again. */
  isFresh: boolean;
}

export interface OutletContext extends Context {
  /** Columns of what is printed. */
  width: number;
}

export class Outlets {
  readonly #options: OutletOptions;
  readonly #context: OutletContext;
  readonly #finished: Finished[] = [];
  #isWritten = true;

  /** @throws UserError before anything has started, if the results cannot go there */
  constructor(options: OutletOptions, context: OutletContext) {
    const { append, results } = options;
    this.#options = {
      ...options,
      ...(append !== undefined && { append: resolve(append) }),
      ...(results !== undefined && { results: resolve(results) }),
    };
    this.#context = context;
    if (options.json && options.throughputOnly) {
      throw new UserError(
        "Expected either `--json` or `--throughput-only`, got both: the JSON has the throughput. Leave one out.",
        EXIT.usage,
      );
    }
    if (this.#options.append !== undefined) checkAppend(this.#options.append);
    if (this.#options.results !== undefined) checkResultsFolder(this.#options.results);
  }

  /** Every file could be written. */
  get isWritten(): boolean {
    return this.#isWritten;
  }

  /** Takes the results of one run. @param text its summary for the terminal */
  take(summary: Summary, text: string, folder: RunFolder): void {
    const { json, quiet, throughputOnly, runs, append } = this.#options;
    const { print, say } = this.#context;
    this.#finished.push({ summary, folder });
    if (append !== undefined) this.#append(append, summary);
    if (quiet) for (const warning of summary.warnings) say(`! ${warning.text} → ${warning.remedy}`);
    if (runs === "repeats" || (json && runs !== "one")) return;
    if (json) print(toJsonText(summary));
    else if (throughputOnly) print(renderThroughput(summary));
    else print(quiet ? folder.path : `${text}\n${describeFiles(folder)}`);
  }

  /** After the last run. @param folder that of all repeats */
  async finish(folder?: RunFolder): Promise<void> {
    const { json, quiet, throughputOnly = false, runs, isFresh } = this.#options;
    const { print, say, variables, width } = this.#context;
    const summaries = this.#finished.map(({ summary }) => summary);
    if (json && runs !== "one") print(toJsonText(summaries));
    else if (runs === "repeats" && folder !== undefined) {
      const table = renderRepeats(summaries, { width, throughputOnly });
      if (quiet) print(folder.path);
      else print(throughputOnly ? table : `${table}\n\n${describeFiles(folder)}`);
    }
    if (this.#options.results !== undefined) await this.#addToResults(this.#options.results);
    // `report` would repeat on the page of a job what the run has already written there.
    if (isFresh) for (const problem of writeGithubFiles(this.#finished, variables)) say(problem);
  }

  async #addToResults(folder: string): Promise<void> {
    const { quiet } = this.#options;
    try {
      const report = await addRuns(
        this.#finished.map((one) => one.folder.path),
        folder,
      );
      if (!quiet) this.#context.say(`Added to ${report}`);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.#isWritten = false;
      this.#context.say(error.message);
    }
  }

  #append(path: string, summary: Summary): void {
    try {
      appendRows(path, [summary]);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.#isWritten = false;
      this.#context.say(error.message);
    }
  }
}

/** As in summary.json, without the final line end. */
function toJsonText(value: Summary | Summary[]): string {
  return JSON.stringify(value, null, 2);
}
