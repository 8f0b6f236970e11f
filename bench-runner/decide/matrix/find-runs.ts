// The run folders among what was given: run folders themselves, and folders that hold some, such as `runs/`, repeats, a sweep.
import { existsSync, readdirSync, realpathSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { systemReason, UserError } from "../../platform/user-error.ts";
import { RUN_FILES } from "../../run-folder/run-files.ts";

/** How far below a given folder runs are looked for: a sweep of repeats within `runs/` is three. */
export const DEEPEST = 4;

/** Absolute paths, each once, in the order given; within a folder by name, numbers by their size. @throws UserError */
export function findRuns(given: readonly string[]): string[] {
  const found = new Map<string, string>();
  for (const path of given) {
    const runs = findBelow(path);
    if (runs.length === 0) {
      throw new UserError(
        `\`${path}\` holds no run: no folder in it, ${DEEPEST} deep, has a ${RUN_FILES.summary} or a ${RUN_FILES.records}. Give run folders, or a folder that has some in it.`,
      );
    }
    for (const run of runs) found.set(realpathSync(run), run);
  }
  return [...found.values()];
}

function findBelow(path: string): string[] {
  try {
    if (!statSync(resolve(path)).isDirectory()) {
      throw new UserError(`\`${path}\` is no folder. Give run folders, or a folder that has some in it.`);
    }
    return walk(resolve(path), DEEPEST);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`\`${path}\` cannot be read: ${systemReason(error)}.`);
  }
}

function walk(folder: string, deeper: number): string[] {
  if (isRun(folder)) return [folder];
  if (deeper === 0) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith(".") && entry.name !== "node_modules")
    .map(({ name }) => name)
    .sort((a, b) => a.localeCompare(b, "en", { numeric: true }))
    .flatMap((name) => walk(join(folder, name), deeper - 1));
}

/** A folder of repeats has a config.json, too: what a run leaves is its journal and its summary. */
function isRun(folder: string): boolean {
  return [RUN_FILES.summary, RUN_FILES.records].some((name) => existsSync(join(folder, name)));
}
