// The commands `run`, which is the default, and `quickstart`.
import type { Command } from "commander";
import type { ConfigSources } from "../../config/config-types.ts";
import { addAliasFlags, toAliasTexts } from "../../config/files/flag-aliases.ts";
import { planRuns, saysMore } from "../../config/files/plan-runs.ts";
import { findSecrets } from "../../config/keys.ts";
import { QUICKSTART } from "../../config/quickstart.ts";
import { readGit } from "../../load/environment.ts";
import type { ProgramContext } from "../../platform/context.ts";
import { EXIT } from "../../platform/exit-codes.ts";
import { readInstalled } from "../../platform/programs.ts";
import type { BatchEntry } from "../../runs/batch/batch-file.ts";
import { defineCommand } from "../command.ts";
import { mayAsk } from "../interactive/may-ask.ts";
import { type Flags, readFlags, takeSecrets, toCommandOptions } from "./given-options.ts";

interface RunInput {
  flags: Flags;
  /** Flags of other tools, by name. */
  aliases: Record<string, string>;
  /** Arguments without a flag: none, or `TARGET MODEL` and a workload. */
  words: string[];
}

/** @throws UserError */
function read(command: Command): RunInput {
  return { flags: readFlags(command), aliases: toAliasTexts(command.opts()), words: [...command.args] };
}

async function runWith(input: RunInput, context: ProgramContext, isQuickstart: boolean): Promise<number> {
  const { variables, say } = context;
  const asked = planRuns({ ...input, variables, onlyNamedFiles: isQuickstart });
  const found = await readGit(process.cwd());
  const fallbackModel = isQuickstart ? readInstalled(variables).model : undefined;
  const asIs = asked.runs.map((one) => {
    const taken = takeSecrets(one.flags, context, one.variables);
    context.hide(findSecrets(taken.variables, { ...one.file, ...toCommandOptions(one.command) }));
    const sources: ConfigSources = {
      flags: taken.flags,
      variables: taken.variables,
      git: found,
      file: one.file,
      ...(one.command && { command: one.command }),
      ...(one.names.workload !== undefined && { workloadName: one.names.workload }),
      ...(one.names.model !== undefined && { modelName: one.names.model }),
      ...(isQuickstart && { profile: QUICKSTART }),
      ...(fallbackModel !== undefined && { fallbackModel }),
    };
    return { names: one.names, sources };
  });
  const notice = input.flags.quiet === undefined ? say : () => {};
  for (const text of asked.notices) notice(text);
  const entries = asIs.some(({ names }) => names.model === "all") ? await expand(asIs, notice) : asIs;
  const [only, ...others] = entries;
  if (only === undefined || others.length > 0) {
    const { runBatch } = await import("../../runs/batch/run-batch.ts");
    return runBatch(entries, context);
  }
  const { run } = await import("../../runs/run.ts");
  const terminal = { input: process.stdin, output: process.stderr };
  return run(only.sources, { ...context, variables: only.sources.variables, terminal });
}

/** A run for each model that a server has. @throws UserError */
async function expand(entries: BatchEntry[], notice: (text: string) => void): Promise<BatchEntry[]> {
  const { expandModels } = await import("../../runs/batch/expand-models.ts");
  return expandModels(entries, notice);
}

async function askForFlags(context: ProgramContext): Promise<Flags | undefined> {
  const interactive = await import("../interactive/interactive.ts");
  return interactive.askForFlags(context);
}

/** Asks in a terminal for what to measure where the command line, variables and files leave it open. */
async function runOrAsk(input: RunInput, context: ProgramContext): Promise<number> {
  const { variables } = context;
  const isAsking = !saysMore({ ...input, variables }) && mayAsk(input.flags, process, variables);
  const flags = isAsking ? await askForFlags(context) : input.flags;
  return flags === undefined ? EXIT.killed : runWith({ ...input, flags }, context, false);
}

export const RUN = defineCommand<RunInput>({
  name: "run",
  summary: "Measures a server and writes a report (the default command)",
  description: "Load-tests an LLM inference server and writes a run folder with a summary.",
  runOptions: "listed",
  takesTarget: true,
  define: addAliasFlags,
  read,
  run: runOrAsk,
});

export const QUICKSTART_COMMAND = defineCommand<RunInput>({
  name: "quickstart",
  summary: "Runs a first measurement with a small model (`npm start`)",
  description:
    "Runs a first measurement: 4 clients, 32 short prompts, 64 tokens each, a small model. It takes the options of `run`.",
  runOptions: "listed",
  takesTarget: true,
  define: addAliasFlags,
  read,
  run: (input, context) => runWith(input, context, true),
});
