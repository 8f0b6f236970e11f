// What a name on the command line may be, other than an entry of a file. Pure, except that it checks which files exist.
import { existsSync, statSync } from "node:fs";
import { PRESETS } from "../../../lib/core/options/presets.ts";

/** One of the workloads that the project has. */
export function isPreset(name: string): boolean {
  return Object.hasOwn(PRESETS, name.trim());
}

/** A model that llama-server would load, and not only a name: of several the first counts. */
export function looksLikeModelFile(text: string): boolean {
  const [first = ""] = text.split(",");
  return [text, first].some(
    (path) => path.toLowerCase().endsWith(".gguf") || (existsSync(path) && statSync(path).isFile()),
  );
}
