// A folder of results that accumulate over runs: raw/, summary/ and reports/benchmark_report.md, each made from the one before.
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { EXIT } from "../../../platform/exit-codes.ts";
import { systemReason, UserError } from "../../../platform/user-error.ts";
import { RUN_FILES } from "../../../run-folder/run-files.ts";
import type { Summary } from "../../../summary/summary.ts";
import { type ExportRun, openRun } from "../export-run.ts";
import { readRowPrompts } from "../row-prompts.ts";
import { writeExport } from "../write-file.ts";
import { type BenchLine, readBenchLines, toBenchLines, toLineTexts } from "./bench-lines.ts";
import { readBenchFileName, toBenchFileName, toBenchNames } from "./bench-names.ts";
import { toBenchReport } from "./bench-report.ts";
import {
  type BenchSummary,
  readBenchSummaryCsv,
  summarizeBench,
  toBenchSummaryCsv,
} from "./bench-summary.ts";

const RAW = "raw";
const SUMMARY = "summary";
export const REPORT_PATH: string = join("reports", "benchmark_report.md");

/** The lines of a run, from its folder. @throws UserError */
export async function* readRunLines(run: ExportRun): AsyncGenerator<BenchLine> {
  // Repeats have one file of prompts, in the folder above.
  const [own, shared] = [run.folder.path, dirname(run.folder.path)].map((path) =>
    join(path, RUN_FILES.prompts),
  ) as [string, string];
  const promptOf = await readRowPrompts(existsSync(own) ? own : shared);
  yield* toBenchLines(run.records(), toBenchNames(run), promptOf, await readWarnings(run));
}

/** With their remedies; from the summary in the folder, which a long journal would take a while to make again. */
async function readWarnings({ folder, summary }: ExportRun): Promise<string[]> {
  const path = folder.file(RUN_FILES.summary);
  const { warnings } = existsSync(path)
    ? (JSON.parse(readFileSync(path, "utf8")) as Pick<Summary, "warnings">)
    : await summary();
  return warnings.map(({ text, remedy }) => `${text} ${remedy}`);
}

/** Checks the folder, and makes it, before anything is measured. @throws UserError */
export function checkResultsFolder(path: string): void {
  try {
    mkdirSync(join(path, RAW), { recursive: true });
  } catch (error) {
    throw new UserError(
      `\`--results ${path}\`: the folder cannot be made: ${systemReason(error)}.`,
      EXIT.usage,
    );
  }
}

/**
 * Adds run folders: the raw file and the summary of each, and the report of all that the folder has.
 * @returns the path of the report
 * @throws UserError
 */
export async function addRuns(runs: readonly string[], folder: string): Promise<string> {
  for (const path of runs) await writeSummary(await writeRaw(folder, await openRun(path)));
  return writeReport(folder);
}

/** Writes the raw file of a run, in place of an earlier one of the same run. @returns its path @throws UserError */
export async function writeRaw(folder: string, run: ExportRun): Promise<string> {
  const path = await findRawPath(join(folder, RAW), run);
  await writeExport(path, toLineTexts(readRunLines(run)));
  return path;
}

/** Runs of the same names that began in the same second are told apart by a number. */
async function findRawPath(raw: string, run: ExportRun): Promise<string> {
  const names = toBenchNames(run);
  const name = toBenchFileName(names);
  for (let number = 1; ; number += 1) {
    const path = join(raw, `${name}${number === 1 ? "" : `-${number}`}.jsonl`);
    if (!existsSync(path) || (await readRunOf(path)) === names.run) return path;
  }
}

async function readRunOf(path: string): Promise<string | undefined> {
  for await (const { run } of readBenchLines(path)) return run;
  return undefined;
}

/** Writes the summary of a raw file, which is in a folder `raw`, to the folder `summary` beside that. @throws UserError */
export async function writeSummary(raw: string): Promise<string> {
  const name = basename(raw).replace(/\.jsonl$/, "");
  const summary = await summarizeBench(readBenchLines(raw), readBenchFileName(name));
  const path = join(toResultsFolder(raw), SUMMARY, `${name}.csv`);
  await writeExport(path, once(toBenchSummaryCsv(summary)));
  return path;
}

/** Writes the report of all summaries of a folder. @returns its path @throws UserError where there are none */
export async function writeReport(folder: string): Promise<string> {
  const path = join(folder, REPORT_PATH);
  await writeExport(path, once(toBenchReport(readSummaries(folder))));
  return path;
}

/** @throws UserError */
export function readSummaries(folder: string): BenchSummary[] {
  const summaries = listFiles(join(folder, SUMMARY), ".csv").flatMap(
    (path) => readBenchSummaryCsv(readFileSync(path, "utf8")) ?? [],
  );
  if (summaries.length > 0) return summaries;
  throw new UserError(
    `${folder} has no summary to report. Give \`--results ${folder}\` to a run, or name run folders.`,
  );
}

export const listRaw = (folder: string): string[] => listFiles(join(folder, RAW), ".jsonl");

/** The folder of results that a raw file or a summary is in. */
export const toResultsFolder = (file: string): string => dirname(dirname(resolve(file)));

/** Absolute paths, by name. */
function listFiles(folder: string, ending: string): string[] {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => resolve(folder, name));
}

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}
