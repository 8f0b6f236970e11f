// The command line: arguments → the command and its input; help, and one clear sentence for what is wrong.
import { Command, CommanderError, Help } from "commander";
import { refuseKeyFlag } from "../config/keys.ts";
import { toCommanderOptions, writeOutShortFlags } from "../config/option-flags.ts";
import { readOwnVersion } from "../load/environment.ts";
import type { ProgramContext } from "../platform/context.ts";
import { EXIT } from "../platform/exit-codes.ts";
import { UserError } from "../platform/user-error.ts";
import { isOwn } from "../runs/sweep/sweep-options.ts";
import type { CliCommand, CommandFamily } from "./command.ts";
import { COMMANDS } from "./command-table.ts";
import { toHelpEnd, toShortHelp } from "./help.ts";

/** With commander's own. */
const isCommandName = (word: string) => word === "help" || COMMANDS.some(({ name }) => name === word);

/** commander's messages ("error: unknown option '--foo'\n(Did you mean --bar?)") in our style. Pure. */
export function toUsageSentence(message: string): string {
  const [first = "", hint] = message.replace(/^error: /, "").split("\n");
  const sentence = first.replace(/'([^']*)'/g, "`$1`").replace(/\.$/, "");
  const suggestion = /\(Did you mean (?:one of )?(.*)\?\)/.exec(hint ?? "")?.[1];
  const remedy = suggestion
    ? ` Did you mean ${suggestion
        .split(", ")
        .map((flag) => `\`${flag}\``)
        .join(" or ")}?`
    : "";
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.${remedy} See \`--help\`.`;
}

/** Adds the default command where the arguments name none. @throws UserError for an unknown command */
export function withCommand(args: readonly string[]): string[] {
  const [first] = args;
  const [standard] = COMMANDS.map(({ name }) => name) as [string];
  if (first === undefined || (first.startsWith("-") && first !== "--version")) return [standard, ...args];
  if (isCommandName(first) || first === "--version") return [...args];
  // One word alone is a mistyped command; two may be `TARGET MODEL`.
  if (args[1] !== undefined && !args[1].startsWith("-")) return [standard, ...args];
  const names = COMMANDS.map(({ name }) => (name === standard ? `\`${name}\` (the default)` : `\`${name}\``));
  throw new UserError(`Unknown command \`${first}\`. Commands: ${names.join(", ")}.`, EXIT.usage);
}

/** @throws UserError for the first argument that belongs to no flag, unless they are `TARGET MODEL` and a workload */
function checkExcess(excess: readonly string[], takesTarget: boolean): void {
  const [first] = excess;
  if (first === undefined) return;
  if (takesTarget && excess.length > 1 && !excess.some(isCommandName)) return;
  const message = isCommandName(first)
    ? `The command comes first: \`node bench-runner ${first} …\`.`
    : `Unexpected argument \`${first}\`: expected flags, such as \`--model ${first}\`. \`--help\` lists them.`;
  throw new UserError(message, EXIT.usage);
}

/** The options of a run, for a command that takes them: the list of all is for `--help all`. */
function addRunOptions(command: Command, row: CliCommand, { isAll, commands, width }: HelpSettings): void {
  const isListed = isAll || row.runOptions === "listed";
  for (const option of toCommanderOptions()) {
    const isHidden = !isListed || (row.name === "sweep" && isOwn(option));
    command.addOption(isHidden ? option.hideHelp() : option);
  }
  command.allowExcessArguments();
  if (row.runOptions === "listed" && !isAll) {
    const text = toShortHelp(command.description(), commands, width);
    command.configureHelp({ formatHelp: () => `${text}\n` });
  } else if (isAll) {
    const parent = command.parent as Command;
    command.addHelpText("after", () => `\n${toHelpEnd(parent, parent.createHelp())}`);
  } else {
    command.addHelpText("after", "\nIt also takes the options of a run: `--help all` lists them.");
  }
}

interface HelpSettings {
  /** Whether `--help all` asks for everything. */
  isAll: boolean;
  commands: readonly (CliCommand | CommandFamily)[];
  /** Columns. */
  width: number;
}

/** `--help all` and `help all`, which commander does not know, as `--help`. */
function takeHelpAll(args: readonly string[]): { args: string[]; isAll: boolean } {
  const at = args.findIndex((arg, index) => ["--help", "-h"].includes(arg) && args[index + 1] === "all");
  if (at >= 0) return { args: [...args.slice(0, at + 1), ...args.slice(at + 2)], isAll: true };
  if (args[0] !== "help" || args.length > 2) return { args: [...args], isAll: false };
  if (args[1] === undefined) return { args: ["--help"], isAll: false };
  return args[1] === "all" ? { args: ["--help"], isAll: true } : { args: [...args], isAll: false };
}

/** Adds a row of the table to commander. @param end gets the exit code of the command that was called */
function addCommand(
  parent: Command,
  row: CliCommand | CommandFamily,
  context: ProgramContext,
  help: HelpSettings,
  end: (exitCode: number) => void,
): void {
  const command = parent.command(row.name).summary(row.summary);
  if ("members" in row) {
    command.description(`${row.summary}.`);
    for (const member of row.members) addCommand(command, member, context, help, end);
    return;
  }
  command.description(row.description ?? `${row.summary}.`);
  row.define?.(command);
  if (row.runOptions !== undefined) addRunOptions(command, row, help);
  command.action(async () => {
    const input = row.read(command);
    if (row.runOptions !== undefined) {
      checkExcess(command.args.slice(command.registeredArguments.length), row.takesTarget === true);
    }
    end(await row.run(input, context));
  });
}

/**
 * Reads the arguments and runs the command.
 * @param args without Node and the script
 * @param commands the table; its first row is the default
 * @param columns of the terminal
 * @returns the exit code
 * @throws UserError, OptionError
 */
export async function runCommandLine(
  args: readonly string[],
  context: ProgramContext,
  commands: readonly (CliCommand | CommandFamily)[] = COMMANDS,
  columns: number = process.stdout.columns ?? 120,
): Promise<number> {
  refuseKeyFlag(args);
  const asked = takeHelpAll(args);
  const width = Math.min(columns, 140);
  let exitCode: number = EXIT.ok;
  const program = new Command("node bench-runner")
    .description("Load-tests an LLM inference server and writes a run folder with a summary.")
    .version(readOwnVersion())
    .exitOverride()
    .configureOutput({
      outputError: () => {},
      writeOut: (text) => context.print(text.replace(/\n$/, "")),
    })
    .configureHelp({
      helpWidth: width,
      subcommandTerm: (command) => new Help().subcommandTerm(command).replace(" [options]", ""),
    });
  const help = { isAll: asked.isAll, commands, width };
  for (const row of commands) {
    addCommand(program, row, context, help, (code) => {
      exitCode = code;
    });
  }
  try {
    await program.parseAsync(withCommand(writeOutShortFlags(asked.args)), { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return EXIT.ok;
    throw new UserError(toUsageSentence(error.message), EXIT.usage);
  }
  return exitCode;
}
