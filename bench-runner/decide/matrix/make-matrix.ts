// The command `matrix`: run folders → matrix.md, matrix.csv, matrix.html and a table in the terminal.
import { existsSync, mkdirSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { RUNNER_OPTIONS } from "../../config/runner-options.ts";
import { renderChartPage } from "../../outputs/chart-page/render-chart-page.ts";
import type { Context } from "../../platform/context.ts";
import { EXIT } from "../../platform/exit-codes.ts";
import { toTerminalLook } from "../../platform/terminal-look.ts";
import { systemReason, UserError } from "../../platform/user-error.ts";
import { RUN_FILES } from "../../run-folder/run-files.ts";
import { createRunFolder, RunFolder } from "../../run-folder/run-folder.ts";
import { findRuns } from "./find-runs.ts";
import { TASK, toMatrix } from "./matrix.ts";
import {
  type AskedLayout,
  type Layout,
  toAskedDimensions,
  toDimensionKey,
  toLayout,
} from "./matrix-layout.ts";
import { toMatrixPage } from "./matrix-page.ts";
import type { ToHref } from "./matrix-table.ts";
import type { Matrix } from "./matrix-types.ts";
import { type MatrixRun, type Regenerate, readRuns } from "./read-runs.ts";
import { renderMatrixCsv } from "./render-matrix-csv.ts";
import { renderMatrixJson } from "./render-matrix-json.ts";
import { renderMatrixMarkdown } from "./render-matrix-markdown.ts";
import { renderMatrixTerminal } from "./render-matrix-terminal.ts";

export interface MatrixOptions extends AskedLayout {
  /** Folder for the files; default: a new one in `runs`. */
  output?: string;
  /** Standard output is JSON only. */
  json?: boolean;
}

/**
 * @param given run folders, or folders that contain some
 * @returns the exit code
 * @throws UserError if they contain no run, and for an unknown dimension
 */
export async function makeMatrix(
  given: readonly string[],
  { output, json = false, ...asked }: MatrixOptions,
  { variables, say, print }: Context,
  regenerate: Regenerate,
): Promise<number> {
  const layoutKeys = toKeys(asked);
  const runs = await readRuns(findRuns(given), say, regenerate);
  if (runs.length === 0) throw new UserError("None of the runs has a summary: there is nothing to compare.");
  const { matrix, layout } = toShown(runs, layoutKeys);
  const folder = output === undefined ? makeDefault() : makeFolder(output);
  const toHref = linksFrom(folder.path);
  const files = {
    "matrix.md": renderMatrixMarkdown(matrix, layout, toHref),
    "matrix.csv": renderMatrixCsv(matrix),
    "matrix.html": renderChartPage(toMatrixPage(matrix, layout, toHref)),
  };
  const written = Object.entries(files).filter(([name, text]) => folder.tryWrite(name, text));
  for (const problem of folder.problems) say(problem);
  const { width } = toTerminalLook(process.stdout, variables);
  const hasColumns = asked.columns !== undefined;
  print(
    json
      ? renderMatrixJson(matrix)
      : [
          renderMatrixTerminal(matrix, layout, { width, hasColumns }),
          "",
          ...written.map(([name]) => folder.file(name)),
        ].join("\n"),
  );
  return written.length === Object.keys(files).length ? EXIT.ok : EXIT.failed;
}

function toKeys(asked: AskedLayout): AskedLayout {
  return Object.fromEntries(
    (["rows", "columns", "by"] as const).flatMap((side) => {
      const name = asked[side];
      return name === undefined ? [] : [[side, toDimensionKey(name, `--${side}`)]];
    }),
  );
}

/** The matrix of tasks if they are a requested dimension, otherwise that of runs. */
function toShown(runs: readonly MatrixRun[], keys: AskedLayout): { matrix: Matrix; layout: Layout } {
  const wanted = Object.values(keys).filter((key) => key !== undefined);
  const all = toMatrix(runs, toAskedDimensions(wanted));
  if (wanted.includes(TASK.key) && all.tasks === undefined) {
    throw new UserError(
      "No run has a task: omit `task`, or measure runs with `--task` or `--mix`.",
      EXIT.usage,
    );
  }
  const matrix = wanted.includes(TASK.key) ? (all.tasks as Matrix) : all;
  return { matrix, layout: toLayout(matrix, keys) };
}

function makeDefault(): RunFolder {
  return createRunFolder(RUNNER_OPTIONS.output.default, "matrix", new Date());
}

/** @throws UserError */
function makeFolder(path: string): RunFolder {
  try {
    mkdirSync(resolve(path), { recursive: true });
  } catch (error) {
    throw new UserError(`The folder \`${path}\` could not be created: ${systemReason(error)}.`);
  }
  return new RunFolder(path);
}

/** Relative links: they still lead to the reports if both folders are moved together. */
function linksFrom(folder: string): ToHref {
  return (run) => {
    const report = join(run.folder, RUN_FILES.report);
    if (!existsSync(report)) return undefined;
    return relative(folder, report).split(/[\\/]/).map(encodeURIComponent).join("/");
  };
}
