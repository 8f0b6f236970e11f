// The model files on this machine: the one that setup fetched, and those in a folder.
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Variables } from "../../platform/context.ts";
import { readInstalled } from "../../platform/programs.ts";

export interface ModelFile {
  /** As it goes into the command: relative to the folder, or absolute. */
  path: string;
  bytes: number;
  /** Setup fetched it. */
  isFetched?: true;
}

/** For a model in several files llama-server takes the first; a projector for images is not a model by itself. */
export function isModelName(name: string): boolean {
  const [, part] = /-(\d{5})-of-\d{5}\.gguf$/i.exec(name) ?? [];
  return /\.gguf$/i.test(name) && !/^mmproj/i.test(name) && (part === undefined || Number(part) === 1);
}

function sizeOf(path: string): number | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isFile() ? found.size : undefined;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter(isModelName).sort();
  } catch {
    return [];
  }
}

/** Files in the folder come first: they are there on purpose. */
export function findModelFiles(folder: string, variables: Variables): ModelFile[] {
  const files: ModelFile[] = [];
  for (const name of namesIn(folder)) {
    const bytes = sizeOf(join(folder, name));
    if (bytes !== undefined) files.push({ path: name, bytes });
  }
  const { model } = readInstalled(variables);
  const bytes = model === undefined ? undefined : sizeOf(model);
  if (model !== undefined && bytes !== undefined) files.push({ path: model, bytes, isFetched: true });
  return files;
}
