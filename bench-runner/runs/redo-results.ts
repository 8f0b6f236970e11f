// The command `results`: a folder of results again from its raw files, from some of them, or with more runs.
import { existsSync, statSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { findRuns } from "../decide/matrix/find-runs.ts";
import {
  addRuns,
  listRaw,
  toResultsFolder,
  writeReport,
  writeSummary,
} from "../outputs/export/bench/results-folder.ts";
import { EXIT } from "../platform/exit-codes.ts";
import { UserError } from "../platform/user-error.ts";

export interface ResultsRequest {
  /** Raw files, folders of results, and run folders or folders that contain some. */
  paths: readonly string[];
  /** Where runs are added. */
  output: string;
}

/**
 * Makes the summaries of raw files, those of a whole folder or those of runs, then the report of each folder concerned.
 * @param print gets the path of each file that is written
 * @throws UserError
 */
export async function redoResults(
  { paths, output }: ResultsRequest,
  print: (path: string) => void,
): Promise<void> {
  const folders = new Set<string>();
  for (const path of paths.length === 0 ? [output] : paths) {
    const kind = toKind(path);
    if (kind === "runs") {
      folders.add(resolve(output));
      await addRuns(findRuns([path]), resolve(output));
      continue;
    }
    const raw = kind === "raw" ? [resolve(path)] : listRaw(path);
    folders.add(kind === "raw" ? toResultsFolder(path) : resolve(path));
    for (const file of raw) print(await writeSummary(file));
  }
  for (const folder of folders) print(await writeReport(folder));
}

function toKind(path: string): "raw" | "results" | "runs" {
  if (!existsSync(path)) {
    throw new UserError(
      `\`${path}\` does not exist. Give raw files (results/raw/bench_….jsonl), a folder of results, or run folders.`,
      EXIT.usage,
    );
  }
  if (statSync(path).isDirectory())
    return ["raw", "summary"].some((name) => existsSync(resolve(path, name))) ? "results" : "runs";
  if (basename(dirname(resolve(path))) === "raw") return "raw";
  throw new UserError(
    `\`${path}\`: raw files are in a folder \`raw\`, and their summaries are written to \`summary\` beside it. Move it to results/raw.`,
    EXIT.usage,
  );
}
