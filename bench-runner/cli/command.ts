// The form of a command: one row of COMMANDS (command-table.ts).
import type { Command } from "commander";
import type { ProgramContext } from "../platform/context.ts";

/** What a row of the table says. `Input` is what `run` gets from the command line. */
export interface CliCommand<Input = unknown> {
  name: string;
  /** One line without a full stop, for the list of commands. */
  summary: string;
  /** For the command's own help; default: the summary as a sentence. */
  description?: string;
  /** Whether it takes the options of a run: listed in its help, or taken and listed by `--help all` alone. */
  runOptions?: "listed" | "taken";
  /** Whether arguments without a flag may be `TARGET MODEL` and a workload. */
  takesTarget?: boolean;
  /** Adds its own arguments, options and notes. */
  define?(command: Command): void;
  /** commander's values → the input. @throws UserError */
  read(command: Command): Input;
  /** @returns the exit code. @throws UserError, OptionError */
  run(input: Input, context: ProgramContext): Promise<number>;
}

/** Commands with a common name before theirs: `datasets list`, `datasets fetch`. */
export interface CommandFamily {
  name: string;
  summary: string;
  members: readonly CliCommand[];
}

/** Checks a row against its input's type; the table then holds rows of any input. */
export function defineCommand<Input>(row: CliCommand<Input>): CliCommand {
  return row;
}
