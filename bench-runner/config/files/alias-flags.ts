// The flags of other tools on the command line: known to commander, listed in docs/aliases.md instead of `--help`.
import { type Command, Option } from "commander";
import { FLAG_ALIASES } from "./flag-aliases.ts";

export function addAliasFlags(command: Command): void {
  for (const [name, alias] of Object.entries(FLAG_ALIASES)) {
    const flags = alias.isSwitch === undefined ? `--${name} <text>` : `--${name}`;
    command.addOption(new Option(flags).hideHelp());
  }
}

/** commander's values (by attribute name) → texts by alias. */
export function toAliasTexts(values: Readonly<Record<string, unknown>>): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const name of Object.keys(FLAG_ALIASES)) {
    const value = values[new Option(`--${name}`).attributeName()];
    if (value === true) texts[name] = "true";
    else if (typeof value === "string") texts[name] = value;
  }
  return texts;
}
