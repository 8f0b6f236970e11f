// Flags → the command line that says the same, as it is typed into a shell. Pure.
import { relative, sep } from "node:path";
import type { OptionSpec } from "../../../lib/core/options/option.ts";
import { ALL_OPTIONS } from "../../config/option-flags.ts";
import { quoteWord } from "../../platform/shell-word.ts";

/**
 * "node bench-runner" where that is what is typed, in the project's folder; else with its path.
 * @param folder the current directory, absolute
 * @param project absolute
 */
export function toProgramText(folder: string, project: string): string {
  const path = `${project}${sep}bench-runner`;
  const inside = relative(folder, path);
  return `node ${quoteWord(inside === "bench-runner" ? inside : path)}`;
}

function toWords(flag: string, text: string, spec: OptionSpec | undefined): string[] {
  if (spec?.kind === "switch" && text === "true") return [`--${flag}`];
  const values = spec?.kind === "words" && text.startsWith("[") ? (JSON.parse(text) as string[]) : [text];
  // What begins with a dash would be taken for the next flag.
  return values.flatMap((value) =>
    value.startsWith("-") ? [quoteWord(`--${flag}=${value}`)] : [`--${flag}`, quoteWord(value)],
  );
}

/** @param program what comes before the flags @param flags by flag name, as texts of the options */
export function toCommandText(program: string, flags: Readonly<Record<string, string>>): string {
  const specs = new Map(Object.values(ALL_OPTIONS).map((spec) => [spec.flag, spec]));
  const words = Object.entries(flags).flatMap(([flag, text]) => toWords(flag, text, specs.get(flag)));
  return [program, ...words].join(" ");
}
