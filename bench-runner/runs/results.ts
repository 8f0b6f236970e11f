// From the raw files of a run folder to its results: summary.json, .md, .csv and the text for the terminal.
import { existsSync, statSync } from "node:fs";
import { readGoals } from "../../lib/core/goals/goals.ts";
import { renderCsv } from "../outputs/render-csv.ts";
import { renderMarkdown } from "../outputs/render-markdown.ts";
import { makeReport } from "../outputs/report/render-report.ts";
import { renderTerminal } from "../outputs/terminal/render-terminal.ts";
import { toTerminalLook } from "../platform/terminal-look.ts";
import { type OutcomeFile, RUN_FILES } from "../run-folder/run-files.ts";
import type { RunFolder } from "../run-folder/run-folder.ts";
import { isUndecided, toGates } from "../summary/judge/gates.ts";
import type { RunInput } from "../summary/run-input.ts";
import { makeUpOutcome, readRunInput } from "../summary/run-input.ts";
import { type RunReading, readRun, toSummary } from "../summary/summarize.ts";
import type { Summary } from "../summary/summary.ts";

export interface Results {
  /** Undefined when the folder has no recorded request to summarise. */
  summary: Summary | undefined;
  /** The summary for the terminal. */
  text: string | undefined;
  /** At least one request completed. */
  completed: boolean;
  /** Every requirement held. */
  held: boolean;
  /** A requirement or threshold is uncertain, and none failed. */
  undecided: boolean;
  /** Every file could be written. */
  written: boolean;
}

/** Goals that replace those of the run, as option texts. */
export interface OtherGoals {
  slo?: readonly string[];
  require?: readonly string[];
}

/**
 * @param known how the run ended, since a full disk may have kept outcome.json from being written
 * @throws UserError for a file of the folder that cannot be read, OptionError for goals that do not fit the run
 */
export async function writeResults(
  folder: RunFolder,
  known?: OutcomeFile,
  goals: OtherGoals = {},
): Promise<Results> {
  const records = folder.file(RUN_FILES.records);
  const hasRecords = existsSync(records) && statSync(records).size > 0;
  const hasOutcome = known !== undefined || existsSync(folder.file(RUN_FILES.outcome));
  const input = hasRecords ? readRunInput(folder, hasOutcome ? known : makeUpOutcome(folder)) : undefined;
  if (input === undefined)
    return {
      summary: undefined,
      text: undefined,
      completed: false,
      held: false,
      undecided: false,
      written: false,
    };
  const { config } = input;
  config.values = { ...config.values, ...goals };
  readGoals(config.values as Parameters<typeof readGoals>[0], config.kind);
  const reading = await readRun(input);
  const summary = toSummary(input, reading);
  const files = {
    [RUN_FILES.summary]: `${JSON.stringify(summary, null, 2)}\n`,
    [RUN_FILES.summaryMarkdown]: renderMarkdown(summary),
    [RUN_FILES.summaryCsv]: renderCsv([summary]),
  };
  const written = Object.entries(files).filter(([name, text]) => folder.tryWrite(name, text));
  const hasReport = writeReport(folder, input, reading, summary);
  return {
    summary,
    text: renderTerminal(summary, toTerminalLook(process.stdout, process.env)),
    completed: (summary.requests.byVerdict.complete ?? 0) > 0,
    undecided: isUndecided(toGates(summary)),
    held: (summary.requirements ?? []).every(({ ok }) => ok),
    written: written.length === Object.keys(files).length && hasReport,
  };
}

/** Writes the results of a finished run again. @returns undefined where no request was recorded */
export async function regenerateSummary(folder: RunFolder): Promise<Summary | undefined> {
  return (await writeResults(folder)).summary;
}

/** Last and separate: an error in the report must not cost the summary. */
function writeReport(folder: RunFolder, input: RunInput, reading: RunReading, summary: Summary): boolean {
  try {
    return folder.tryWrite(RUN_FILES.report, makeReport(input, reading, summary, listFiles(folder)));
  } catch (error) {
    folder.problems.push(`${folder.file(RUN_FILES.report)} could not be made: ${(error as Error).message}`);
    return false;
  }
}

const FILE_NOTES: readonly [string, string][] = [
  [RUN_FILES.repeats, "the figures of every repeat, with median and range"],
  [RUN_FILES.report, "the whole result with charts, for a browser"],
  [RUN_FILES.summary, "the result; also as summary.md and summary.csv"],
  [RUN_FILES.records, "the facts of each request, one line each"],
  [RUN_FILES.prompts, "the prompts in the order of sending"],
  [RUN_FILES.schedule, "when each request was due"],
  [RUN_FILES.server, "the server's /metrics, CPU and memory, each second"],
  [RUN_FILES.serverLog, "what the server wrote"],
  [RUN_FILES.k6Log, "what k6 wrote"],
  [RUN_FILES.calibration, "how accurate and how fast this client is"],
  [RUN_FILES.config, "the configuration of the run"],
  [RUN_FILES.environment, "where it ran"],
];

function listFiles(folder: RunFolder): (readonly [string, string])[] {
  return FILE_NOTES.filter(([name]) => existsSync(folder.file(name)));
}

/** The folder, and a list of its files with their content. */
export function describeFiles(folder: RunFolder): string {
  return [folder.path, ...listFiles(folder).map(([name, note]) => `  ${name.padEnd(18)}${note}`)].join("\n");
}
