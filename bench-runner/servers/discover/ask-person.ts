// Asks the person at the terminal to choose one of several models.
import { createInterface } from "node:readline/promises";
import { EXIT } from "../../platform/exit-codes.ts";
import { UserError } from "../../platform/user-error.ts";
import { readChoice, toModelList } from "./models.ts";

const MOST_TRIES = 3;

/** Where a question is asked. */
export interface Terminal {
  input: NodeJS.ReadStream;
  output: NodeJS.WriteStream;
}

/** stdin and stderr are a terminal: stdout may well go into a file. */
export function isPersonThere({ input, output }: Terminal): boolean {
  return Boolean(input.isTTY && output.isTTY);
}

/** The error without a terminal to ask at. */
export function toSeveralError(names: readonly string[], shown: string): UserError {
  return new UserError(
    `The server at ${shown} has several models:\n${toModelList(names)}\nChoose one with \`--model NAME\` (\`SERVER_BENCH_MODEL_ALIAS\`).`,
    EXIT.usage,
  );
}

/** The error where the server's list of models failed, so that neither model nor access is known. */
export function toUnlistedError(shown: string, unknown: string): UserError {
  return new UserError(
    `The server at ${shown} does not say which models it has: ${unknown}. ` +
      "Check the key in `SERVER_BENCH_API_KEY` (`--api-key-file`) and the server's log, or name the model with `--model NAME` to measure it all the same.",
  );
}

/** @returns a name of the list @throws UserError where the person chooses none */
export async function askForModel(
  names: readonly string[],
  shown: string,
  terminal: Terminal,
): Promise<string> {
  const lines = createInterface({ input: terminal.input, output: terminal.output });
  const left = new AbortController();
  lines.on("close", () => left.abort());
  lines.on("SIGINT", () => lines.close());
  try {
    terminal.output.write(`The server at ${shown} has several models:\n${toModelList(names)}\n`);
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const answer = await lines.question(`Which one? [1] `, { signal: left.signal });
      const name = readChoice(answer, names);
      if (name !== undefined) return name;
      terminal.output.write(`Expected a number from 1 to ${names.length}, or a name.\n`);
    }
  } catch (error) {
    if (!left.signal.aborted) throw error;
    terminal.output.write("\n");
  } finally {
    lines.close();
  }
  throw new UserError("No model was chosen: give one with `--model NAME`.", EXIT.usage);
}
