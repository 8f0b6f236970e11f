// The runner's entry: reads the command line, runs the command, says what went wrong, exits.
import { OptionError } from "../lib/core/options.ts";
import { calibrate } from "./calibration/calibrate.ts";
import { runCommandLine } from "./command-line.ts";
import { resolveConfig } from "./config.ts";
import { readGit } from "./environment.ts";
import { EXIT } from "./exit-codes.ts";
import { readInstalled } from "./programs.ts";
import { QUICKSTART } from "./quickstart.ts";
import { report } from "./report.ts";
import { run } from "./run.ts";
import { listScenarioOptions } from "./scenarios-command.ts";
import { UserError } from "./user-error.ts";

const say = (text: string) => void process.stderr.write(`${text}\n`);
const print = (text: string) => void process.stdout.write(`${text}\n`);

async function runWith(flags: Record<string, string>, isQuickstart: boolean): Promise<number> {
  const git = await readGit(process.cwd());
  const fallbackModel = isQuickstart ? readInstalled(process.env).model : undefined;
  const config = resolveConfig({
    flags,
    variables: process.env,
    git,
    ...(isQuickstart && { profile: QUICKSTART }),
    ...(fallbackModel !== undefined && { fallbackModel }),
  });
  const { branch, commit } = config.runner;
  return run(config, {
    variables: process.env,
    git: { ...(branch !== undefined && { branch }), ...(commit !== undefined && { commit }) },
    say,
    print,
  });
}

/** One clear message; a stack only where the user asks for it, or cannot do without: for a defect of ours. */
function describeError(error: unknown): { text: string; exitCode: number } {
  const isDebug = Boolean(process.env.SERVER_BENCH_DEBUG);
  const stack = isDebug && error instanceof Error ? `\n${error.stack}` : "";
  if (error instanceof UserError) return { text: error.message + stack, exitCode: error.exitCode };
  if (error instanceof OptionError) return { text: error.message + stack, exitCode: EXIT.usage };
  const message = error instanceof Error ? error.message : String(error);
  const hint = isDebug ? "" : " `SERVER_BENCH_DEBUG=1` shows where it comes from.";
  return { text: `${message}${hint}${stack}`, exitCode: EXIT.failed };
}

// A terminal that is gone must not keep the run from ending in order.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

runCommandLine(process.argv.slice(2), {
  run: (flags) => runWith(flags, false),
  quickstart: (flags) => runWith(flags, true),
  report: (folders, options) => report(folders, options, { variables: process.env, say, print }),
  scenarios: (name) => listScenarioOptions(name, { variables: process.env, print }),
  calibrate: (folder, flags) => calibrate(folder, flags, { variables: process.env, say, print }),
}).then(
  (exitCode) => process.exit(exitCode),
  (error: unknown) => {
    const { text, exitCode } = describeError(error);
    say(text);
    process.exit(exitCode);
  },
);
