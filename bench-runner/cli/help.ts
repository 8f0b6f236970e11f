// What help has besides the list of options: variables, exit codes, commands.
import { toVariableDocs } from "../config/option-flags.ts";
import { EXIT_CODE_DOCS } from "../platform/exit-codes.ts";
import type { CliCommand, CommandFamily } from "./command.ts";

/** The end of the long help. */
export function toHelpEnd(commands: readonly (CliCommand | CommandFamily)[]): string {
  return [
    "",
    "Environment variables without a flag:",
    toColumns(toVariableDocs()),
    "",
    "A flag wins over its variable (in brackets), a variable over a file (`--config`), a file over the default.",
    "Times: 90, 1.5, 10m, 1h30m. Known flags of other tools, such as `--rps`: docs/aliases.md.",
    "",
    "Exit codes:",
    toColumns(EXIT_CODE_DOCS.map(({ code, meaning }) => [String(code), meaning] as const)),
    "",
    "Commands; `COMMAND --help` has the options of each:",
    toColumns(commands.map(({ name, summary }) => [name, summary] as const)),
  ].join("\n");
}

function toColumns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  return rows.map(([name, text]) => `  ${name.padEnd(width)}${text}`).join("\n");
}
