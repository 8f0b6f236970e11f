// The name of a run's model: its file name, otherwise the name that the server or the user gives it.
import { LOAD_OPTIONS } from "../../lib/core/options/options.ts";
import { toFileName } from "../platform/file-name.ts";
import type { Summary } from "./summary.ts";

/** A name without folders and `.gguf`; undefined if the model is unknown. */
export function toModelName({
  environment,
  configuration,
}: Pick<Summary, "environment" | "configuration">): string | undefined {
  const { model, modelAlias } = configuration.values;
  const path =
    environment?.model?.path ?? environment?.server?.modelPath ?? (typeof model === "string" ? model : "");
  const alias = modelAlias === LOAD_OPTIONS.modelAlias.default ? undefined : modelAlias;
  return (
    toModelFileName(path) ||
    toShortName(environment?.server?.models?.[0] ?? "") ||
    (typeof alias === "string" && alias) ||
    undefined
  );
}

/** Shortens the path of a GGUF file to its file name; `owner/model` stays as it is. */
export function toShortName(name: string): string {
  return /\.gguf$/i.test(name) ? toModelFileName(name) : name;
}

function toModelFileName(path: string): string {
  return toFileName(path).replace(/\.gguf$/i, "");
}
