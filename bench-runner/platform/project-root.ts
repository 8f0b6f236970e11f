// The project's folder: its scenarios, its k6 binary, its datasets.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Absolute: the nearest folder above this file, as source or bundled into dist/, that contains setup.mjs. */
export const PROJECT_ROOT = findRoot(dirname(fileURLToPath(import.meta.url)));

function findRoot(folder: string): string {
  const above = dirname(folder);
  return existsSync(join(folder, "setup.mjs")) || above === folder ? folder : findRoot(above);
}

export function inProject(...parts: string[]): string {
  return join(PROJECT_ROOT, ...parts);
}
