// The runner's entry: reads the command line, runs the command, says what went wrong, exits.

import { OptionError } from "../lib/core/option-error.ts";
import { type MoreArguments, runCommandLine } from "./cli/command-line.ts";
import { listScenarioOptions } from "./cli/commands/scenarios-command.ts";
import { askForFlags } from "./cli/interactive/interactive.ts";
import { mayAsk } from "./cli/interactive/may-ask.ts";
import type { ConfigSources } from "./config/config.ts";
import { toFlagsAlone } from "./config/files/flags-alone.ts";
import { planRuns, saysMore } from "./config/files/plan-runs.ts";
import { findKnownSecrets, findSecrets, type TakenKeys, takeKeys } from "./config/keys.ts";
import { QUICKSTART } from "./config/quickstart.ts";
import { readGit } from "./load/environment.ts";
import { createContext } from "./platform/context.ts";
import { EXIT } from "./platform/exit-codes.ts";
import { readInstalled } from "./platform/programs.ts";
import { UserError } from "./platform/user-error.ts";
import { runBatch } from "./runs/batch/run-batch.ts";
import { calibrate } from "./runs/calibrate/calibrate.ts";
import { probe } from "./runs/probe/probe.ts";
import { report } from "./runs/report.ts";
import { run } from "./runs/run.ts";
import { sweep } from "./runs/sweep/sweep.ts";

const program = createContext(process.env, process);
program.hide(findKnownSecrets(process.env));
const { say } = program;
const terminal = { input: process.stdin, output: process.stderr };

/** Flags and variables, keys by variable alone. @throws UserError, OptionError */
function takeSecrets(
  flags: Record<string, string>,
  given: Readonly<Record<string, string | undefined>> = process.env,
): Omit<TakenKeys, "secrets"> {
  const taken = takeKeys(flags, given);
  program.hide(taken.secrets);
  return taken;
}

/** What configuration files and flags say of the one server that is measured, as flags. @throws UserError */
function takeTarget(flags: Record<string, string>, withoutWorkloads: boolean): Omit<TakenKeys, "secrets"> {
  const { runs } = planRuns({ flags, variables: process.env, withoutWorkloads });
  const [only, ...others] = runs;
  if (only === undefined || others.length > 0) {
    throw new UserError(
      `This command measures one server with one model, got ${runs.length} of them. Name one with \`--target\` and \`--model\`.`,
      EXIT.usage,
    );
  }
  const asked = toFlagsAlone(only);
  return takeSecrets(asked.flags, asked.variables);
}

async function runWith(
  given: Record<string, string>,
  more: MoreArguments,
  isQuickstart: boolean,
): Promise<number> {
  const asked = planRuns({ flags: given, ...more, variables: process.env, onlyNamedFiles: isQuickstart });
  const found = await readGit(process.cwd());
  const fallbackModel = isQuickstart ? readInstalled(process.env).model : undefined;
  const entries = asked.runs.map((one) => {
    const { flags, variables } = takeSecrets(one.flags, one.variables);
    program.hide(findSecrets(variables, one.file));
    const sources: ConfigSources = {
      ...{ flags, variables, git: found, file: one.file },
      ...(one.command && { command: one.command }),
      ...(one.names.workload !== undefined && { workloadName: one.names.workload }),
      ...(isQuickstart && { profile: QUICKSTART }),
      ...(fallbackModel !== undefined && { fallbackModel }),
    };
    return { names: one.names, sources };
  });
  const isQuiet = given.quiet !== undefined;
  if (!isQuiet) for (const notice of asked.notices) say(notice);
  const [only, ...others] = entries;
  if (only === undefined || others.length > 0) {
    return runBatch(entries, program);
  }
  return run(only.sources, { ...program, variables: only.sources.variables, terminal });
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

runCommandLine(
  process.argv.slice(2),
  {
    run: async (given, more) => {
      const isAsking = !saysMore({ ...more, variables: process.env }) && mayAsk(given, process, process.env);
      const flags = isAsking ? await askForFlags(program) : given;
      return flags === undefined ? EXIT.killed : runWith(flags, more, false);
    },
    quickstart: (flags, more) => runWith(flags, more, true),
    report: (folders, options) => report(folders, options, program),
    scenarios: (name) => listScenarioOptions(name, program),
    sweep: async (given, own) => {
      const { flags, variables } = own.resume === undefined ? takeTarget(given, true) : takeSecrets(given);
      return sweep(flags, own, { ...program, variables, git: await readGit(process.cwd()) });
    },
    probe: async (given, own) => {
      const { flags, variables } = takeTarget(given, true);
      return probe(flags, own, { ...program, variables, terminal });
    },
    calibrate: async (folder, given) => {
      const { flags, variables } = takeSecrets(given);
      return calibrate(folder, flags, { ...program, variables });
    },
  },
  program,
).then(
  (exitCode) => process.exit(exitCode),
  (error: unknown) => {
    const { text, exitCode } = describeError(error);
    say(text);
    process.exit(exitCode);
  },
);
