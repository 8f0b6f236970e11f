// The options of a run → the command that starts its server. Pure.
import { EXIT } from "../platform/exit-codes.ts";
import { UserError } from "../platform/user-error.ts";
import { ENGINES, type Engine } from "./engines.ts";
import { hasPlaceholder, type ServerCommand } from "./server-command.ts";

export type CommandTarget = { kind: "command" } & ServerCommand;

/** The resolved options of the server. */
export interface CommandValues {
  model?: string | undefined;
  engine?: string | undefined;
  engineArgs?: readonly string[] | undefined;
  serverCommand?: string | undefined;
  serverReady?: string | undefined;
  serverStop?: string | undefined;
  serverEnv?: readonly string[] | undefined;
  serverName?: string | undefined;
}

const usageError = (message: string) => new UserError(message, EXIT.usage);

/**
 * @param url where the server will answer; undefined where that follows from host and port
 * @throws UserError where the options contradict each other
 */
export function toCommandTarget(values: CommandValues, url: string | undefined): CommandTarget {
  const { engine, serverCommand, engineArgs = [], serverReady, serverStop, serverEnv, serverName } = values;
  if (engine !== undefined && serverCommand !== undefined) {
    throw usageError("Expected either `--engine` or `--server-command`, got both. Leave one out.");
  }
  if (engineArgs.length > 0 && engine === undefined) {
    throw usageError(
      "`--engine-arg` is for `--engine`. In `--server-command` write the argument into the command itself.",
    );
  }
  if (serverReady !== undefined && !serverReady.startsWith("/")) {
    throw usageError(
      `\`--server-ready\`: expected a path of the server such as \`/health\`, got \`${serverReady}\`.`,
    );
  }
  const known: ServerCommand =
    engine === undefined ? { start: serverCommand as string } : ENGINES[engine as Engine];
  const command: CommandTarget = {
    kind: "command",
    ...known,
    start: [known.start, ...engineArgs].join(" "),
    ...(url !== undefined && { url }),
    ...(serverReady !== undefined && { ready: { path: serverReady } }),
    ...(serverStop !== undefined && { stop: serverStop }),
    ...(serverEnv !== undefined && { env: toVariables(serverEnv) }),
    ...(serverName !== undefined && { name: serverName }),
  };
  checkCommand(
    command,
    values.model,
    engine === undefined ? "The server's command" : `\`--engine ${engine}\``,
  );
  return command;
}

/** @throws UserError where the model is needed and missing, or the command is empty */
export function checkCommand(command: ServerCommand, model: string | undefined, who: string): void {
  if (command.start.trim() === "") {
    throw usageError("The command that starts the server is empty. Give one line for the shell.");
  }
  const asks = [command.start, command.stop ?? "", command.url ?? ""].some((text) =>
    hasPlaceholder(text, "model"),
  );
  if (asks && model === undefined) {
    throw usageError(`${who} needs to know which model to serve (\`{model}\`). Add \`--model NAME\`.`);
  }
}

/**
 * @param isGiven by flag: a variable may be meant for other runs
 * @throws UserError for an option of a server that a command starts, where no command does
 */
export function checkNoCommandOptions(isGiven: (key: string) => boolean): void {
  const flags = { serverReady: "server-ready", serverStop: "server-stop", serverName: "server-name" };
  const own = { ...flags, engineArgs: "engine-arg" };
  const [, flag] = Object.entries(own).find(([key]) => isGiven(key)) ?? [];
  if (flag === undefined) return;
  throw usageError(
    `\`--${flag}\` is for a server that a command starts: add \`--engine\` or \`--server-command\`, or leave it out.`,
  );
}

/** "NAME=value" each. @throws UserError for another form, without the value */
export function toVariables(words: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    words.map((word) => {
      const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(word) ?? [];
      if (name === undefined || value === undefined) {
        throw usageError(
          "`--server-env`: expected `NAME=value`, got something else. Repeat it for each variable.",
        );
      }
      return [name, value];
    }),
  );
}
