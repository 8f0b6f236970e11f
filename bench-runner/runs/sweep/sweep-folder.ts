// The files of a sweep's folder: sweep.json after each point, the tables and the page at the end; and how a sweep is read back.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { renderSweepCsv, renderSweepMarkdown } from "../../decide/sweep/render-sweep.ts";
import { SWEEP_FILES, type SweepFile, type SweepPoint } from "../../decide/sweep/sweep-file.ts";
import { toSweepPage } from "../../decide/sweep/sweep-page.ts";
import { renderChartPage } from "../../outputs/chart-page/render-chart-page.ts";
import { checkShape, readJson } from "../../platform/json-file.ts";
import { readShape } from "../../platform/schema-shape.ts";
import { UserError } from "../../platform/user-error.ts";
import { RUN_FILES } from "../../run-folder/run-files.ts";
import { RunFolder } from "../../run-folder/run-folder.ts";

/** @throws UserError when the disk is full */
export function writeSweepFile(folder: RunFolder, file: SweepFile): void {
  folder.write(SWEEP_FILES.sweep, `${JSON.stringify(file, null, 2)}\n`);
}

/** @returns a sentence for each file that could not be written */
export function writeSweepResults(folder: RunFolder, file: SweepFile): string[] {
  folder.tryWrite(SWEEP_FILES.sweep, `${JSON.stringify(file, null, 2)}\n`);
  folder.tryWrite(SWEEP_FILES.markdown, renderSweepMarkdown(file));
  folder.tryWrite(SWEEP_FILES.csv, renderSweepCsv(file));
  try {
    folder.tryWrite(SWEEP_FILES.page, renderChartPage(toSweepPage(file)));
  } catch (error) {
    folder.problems.push(`${folder.file(SWEEP_FILES.page)} could not be made: ${(error as Error).message}`);
  }
  return folder.problems;
}

/**
 * An interrupted sweep with the points that need not be measured again: they are complete, and their runs still exist.
 * @throws UserError if the folder is not a sweep's
 */
export function readSweep(given: string): { folder: RunFolder; file: SweepFile } {
  const folder = new RunFolder(resolve(given));
  const path = folder.file(SWEEP_FILES.sweep);
  const file = readFile(path, given);
  const isThere = (run: string) => existsSync(join(folder.path, run, RUN_FILES.summary));
  const points = file.points.filter(
    ({ partial, runs }) => !partial && runs.length > 0 && runs.every(isThere),
  );
  const { outcome: _, ...rest } = file;
  return { folder, file: { ...rest, points } };
}

function readFile(path: string, given: string): SweepFile {
  if (!existsSync(path)) {
    throw new UserError(
      `\`${given}\` is not the folder of a sweep: ${path} is missing. Give a folder that \`sweep\` created.`,
    );
  }
  const remedy = "Begin a new sweep.";
  const file = readJson<SweepFile>(path, remedy, { schema: "text" });
  if (file.schema !== "server-bench/sweep/1") {
    throw new UserError(`${path} is from another version: its schema is \`${file.schema}\`. ${remedy}`);
  }
  checkShape(file, readShape("sweep"), remedy, path);
  return file;
}

/** "point-03-rate-4", with a number appended if an interrupted sweep left that folder. @throws UserError */
export function makePointFolder(
  folder: RunFolder,
  { number, load }: Pick<SweepPoint, "number" | "load">,
  axis: string,
): RunFolder {
  const name = `point-${String(number).padStart(2, "0")}-${axis === "rate" ? "rate" : "clients"}-${load}`;
  return makeFreeFolder(folder, name);
}

/** Creates a folder of this name, with a number appended if it exists already. @throws UserError */
export function makeFreeFolder(folder: RunFolder, name: string): RunFolder {
  let free = name;
  for (let attempt = 2; existsSync(folder.file(free)); attempt += 1) free = `${name}-${attempt}`;
  return folder.makeFolder(free);
}
