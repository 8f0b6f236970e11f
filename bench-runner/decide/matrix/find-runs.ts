// Run folders: those given, and those within given folders such as `runs/`, the folder of repeats, or a sweep.
import { existsSync, readdirSync, realpathSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { systemReason, UserError } from "../../platform/user-error.ts";
import { RUN_FILES } from "../../run-folder/run-files.ts";

/** How many levels below a given folder are searched: a sweep with repeats within `runs/` has three. */
export const DEEPEST = 4;

/** Absolute paths, each once, in the order given; within a folder by name, numbers by value. @throws UserError */
export function findRuns(given: readonly string[]): string[] {
  const found = new Map<string, string>();
  for (const path of given) {
    const runs = findBelow(path);
    if (runs.length === 0) {
      throw new UserError(
        `\`${path}\` contains no run: no folder in it, up to ${DEEPEST} levels deep, has a ${RUN_FILES.summary} or a ${RUN_FILES.records}. Give run folders, or a folder that contains some.`,
      );
    }
    for (const run of runs) found.set(realpathSync(run), run);
  }
  return [...found.values()];
}

function findBelow(path: string): string[] {
  try {
    if (!statSync(resolve(path)).isDirectory()) {
      throw new UserError(`\`${path}\` is not a folder. Give run folders, or a folder that contains some.`);
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

/** A folder of repeats also has a config.json; only a run has a journal or a summary. */
function isRun(folder: string): boolean {
  return [RUN_FILES.summary, RUN_FILES.records].some((name) => existsSync(join(folder, name)));
}
