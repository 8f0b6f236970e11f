// The runner's entry: runs the command that the arguments name, reports errors, exits.
import { OptionError } from "../lib/core/option-error.ts";
import { runCommandLine } from "./cli/command-line.ts";
import { findKnownSecrets } from "./config/keys.ts";
import { createContext } from "./platform/context.ts";
import { EXIT } from "./platform/exit-codes.ts";
import { watchOutput } from "./platform/output-failure.ts";
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
  const hint = isDebug ? "" : " `SERVER_BENCH_DEBUG=1` shows where.";
  return { text: `${describeUnexpected(error)}${hint}${stack}`, exitCode: EXIT.failed };
}

/** An error of JavaScript says nothing to a person; that of another program or the system may. */
function describeUnexpected(error: unknown): string {
  const isOwnFault = [TypeError, RangeError, ReferenceError, SyntaxError].some(
    (kind) => error instanceof kind,
  );
  if (!isOwnFault) return error instanceof Error ? error.message : String(error);
  return "A value that server-bench read is not what it should be, or server-bench has a fault: please report it with the command line.";
}

const output = watchOutput(process);
// A write beyond the limit of file sizes then fails with EFBIG, instead of ending the process without a word.
if (process.listenerCount("SIGXFSZ") === 0) process.on("SIGXFSZ", () => {});

failUntilFinished(context.say);

runCommandLine(process.argv.slice(2), context).then(
  async (exitCode) => {
    const reason = await output.findFailure();
    if (reason !== undefined) context.say(`The output could not be written: ${reason}. It is incomplete.`);
    process.exit(reason === undefined ? exitCode : exitCode || EXIT.failed);
  },
  (error: unknown) => {
    const { text, exitCode } = describeError(error);
    context.say(text);
    process.exit(exitCode);
  },
);
