// Help: one screen with what most people use; `--help all` with everything.
import type { Command, Help } from "commander";
import type { DefinedOption } from "../../lib/core/options/option.ts";
import { OPTION_GROUPS, type OptionGroup } from "../../lib/core/options/option-groups.ts";
import {
  ALL_OPTIONS,
  GROUPED_OPTIONS,
  toDefaultText,
  toFlagText,
  toVariableDocs,
} from "../config/option-flags.ts";
import { EXIT_CODE_DOCS } from "../platform/exit-codes.ts";
import { wrapToWidth } from "../platform/terminal-text.ts";
import type { CliCommand, CommandFamily } from "./command.ts";

type Rows = readonly (CliCommand | CommandFamily)[];

const EXAMPLES = [
  "node bench-runner --model model.gguf --vus 8 --iterations 200",
  "node bench-runner --url http://localhost:8000 --rate 4 --slo ttft=500ms",
];

/** The one-screen help: at most 45 lines, none longer than `width`. @param width columns, at least 80 */
export function toShortHelp(description: string, commands: Rows, width: number): string {
  const shown = GROUPED_OPTIONS.flatMap(([, keys]) =>
    keys.flatMap((key) => {
      const option = ALL_OPTIONS[key] as DefinedOption;
      const { section }: OptionGroup = OPTION_GROUPS[option.group];
      return option.brief === undefined
        ? []
        : [{ section, row: [toFlagText(option), toBrief(option)] as const }];
    }),
  );
  const column = Math.max(...shown.map(({ row }) => row[0].length)) + 4;
  const sections = [...new Set(shown.map(({ section }) => section))].flatMap((heading) => [
    "",
    `${heading}:`,
    ...shown
      .filter(({ section }) => section === heading)
      .map(({ row: [flag, text] }) => `  ${flag}`.padEnd(column) + text),
  ]);
  const names = wrapToWidth(`Commands: ${commands.map(({ name }) => name).join(", ")}.`, width);
  return [
    "Usage: node bench-runner [COMMAND | TARGET MODEL [WORKLOAD]] [options]",
    ...wrapToWidth(description, width),
    "",
    "Examples:",
    ...EXAMPLES.map((line) => `  ${line}`),
    ...sections,
    "",
    ...names,
    "More: `--help all` (every option, variable and exit code), `COMMAND --help`.",
  ].join("\n");
}

/** Longer ones are for the long help. */
const LONGEST_DEFAULT = 16;

function toBrief(option: DefinedOption): string {
  const value = option.kind === "switch" ? undefined : toDefaultText(option);
  const isShort = value !== undefined && value.length <= LONGEST_DEFAULT;
  return isShort ? `${option.brief} [${value}]` : `${option.brief}`;
}

/** The end of the long help, after the options: variables, exit codes, and commander's own list of commands. */
export function toHelpEnd(program: Command, helper: Help): string {
  const list = (heading: string, rows: readonly (readonly [string, string])[]) =>
    helper.formatItemList(
      heading,
      rows.map(([name, text]) => helper.formatItem(name, COLUMN, text, helper)),
      helper,
    );
  const commands = helper.visibleCommands(program);
  return [
    ...list("Environment variables without a flag:", toVariableDocs()),
    "A flag wins over its variable (in brackets), a variable over a file (`--config`), a file over the default.",
    "Times: 90, 1.5, 10m, 1h30m. Known flags of other tools, such as `--rps`: docs/aliases.md.",
    "",
    ...list(
      "Exit codes:",
      EXIT_CODE_DOCS.map(({ code, meaning }) => [String(code), meaning]),
    ),
    ...list(
      "Commands (`COMMAND --help` lists the options of one):",
      commands.map((command) => [helper.subcommandTerm(command), helper.subcommandDescription(command)]),
    ),
  ].join("\n");
}

/** Columns of the names in these lists. */
const COLUMN = 26;
