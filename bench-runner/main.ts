// The runner's entry: runs the command that the arguments name, reports errors, exits.
import { OptionError } from "../lib/core/option-error.ts";
import { runCommandLine } from "./cli/command-line.ts";
import { findKnownSecrets } from "./config/keys.ts";
import { createContext } from "./platform/context.ts";
import { EXIT } from "./platform/exit-codes.ts";
import { failUntilFinished } from "./platform/unfinished.ts";
import { UserError } from "./platform/user-error.ts";

const context = createContext(process.env, process);
context.hide(findKnownSecrets(process.env));

/** One clear message; a stack only on request (SERVER_BENCH_DEBUG). */
function describeError(error: unknown): { text: string; exitCode: number } {
  const isDebug = Boolean(process.env.SERVER_BENCH_DEBUG);
  const stack = isDebug && error instanceof Error ? `\n${error.stack}` : "";
  if (error instanceof UserError) return { text: error.message + stack, exitCode: error.exitCode };
  if (error instanceof OptionError) return { text: error.message + stack, exitCode: EXIT.usage };
  const message = error instanceof Error ? error.message : String(error);
  const hint = isDebug ? "" : " `SERVER_BENCH_DEBUG=1` shows where it comes from.";
  return { text: `${message}${hint}${stack}`, exitCode: EXIT.failed };
}

// A closed terminal must not prevent an orderly end of the run.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

failUntilFinished(context.say);

runCommandLine(process.argv.slice(2), context).then(
  (exitCode) => process.exit(exitCode),
  (error: unknown) => {
    const { text, exitCode } = describeError(error);
    context.say(text);
    process.exit(exitCode);
  },
);
