// Where the project lies: its scenarios, its k6 binary, its data sets.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Absolute. This file is one folder below the root, as source (bench-runner/) and bundled (dist/). */
export const PROJECT_ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

export function inProject(...parts: string[]): string {
  return join(PROJECT_ROOT, ...parts);
}
