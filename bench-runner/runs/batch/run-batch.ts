// Several runs, one after the other, into one folder: each target × model × workload, then the matrix of them.
import { OptionError } from "../../../lib/core/option-error.ts";
import { type Config, type ConfigSources, resolveConfig } from "../../config/config.ts";
import { EXIT } from "../../platform/exit-codes.ts";
import { Outlets } from "../outlets.ts";
import { openLive, openSession, type RunContext } from "../run.ts";
import { createRunFolder } from "../../run-folder/run-folder.ts";
import { toTerminalLook } from "../../platform/terminal-look.ts";
import { UserError } from "../../platform/user-error.ts";
import { BATCH_FILE, type BatchFile } from "./batch-file.ts";
import { endBatch } from "./end-batch.ts";
import { measureRuns } from "./measure-runs.ts";
import { type RunNames, toLabel } from "./run-names.ts";

export interface BatchEntry {
  names: RunNames;
  sources: ConfigSources;
}

/**
 * Nothing that it started is alive when it returns or throws. A run that cannot be measured does not keep the others from it.
 * @returns the exit code: the first of its runs' that is not 0
 * @throws UserError for what is wrong before anything has started, with the run that it is about
 */
export async function runBatch(entries: readonly BatchEntry[], context: RunContext): Promise<number> {
  const configs = entries.map(resolveEntry);
  const [first] = configs as [Config];
  const { json, quiet, append, output, throughputOnly } = first.runner;
  if (throughputOnly) {
    throw new UserError(
      "`--throughput-only` is for single runs: the matrix has the throughput of each. Leave it out.",
      EXIT.usage,
    );
  }
  const { width } = toTerminalLook(process.stdout, context.variables);
  const outlets = new Outlets(
    { json, quiet, ...(append !== undefined && { append }), runs: "repeats", isFresh: true },
    { ...context, width },
  );
  const live = await openLive({ ...first, runner: { ...first.runner, repeat: 1 } }, context.say);
  const folder = createRunFolder(output, toBatchName(configs), new Date());
  const session = openSession(folder, context);
  const file: BatchFile = {
    schema: "server-bench/batch/1",
    start: new Date().toISOString(),
    runs: entries.map(({ names }, index) => ({ number: index + 1, ...names })),
  };
  const notice = quiet ? () => {} : context.say;
  const { branch, commit } = first.runner;
  const git = { ...(branch !== undefined && { branch }), ...(commit !== undefined && { commit }) };
  const batch = { ...context, entries, configs, folder, file, session, live, outlets, notice, git };
  try {
    folder.write(BATCH_FILE, toText(file));
    notice(`${entries.length} runs, one after the other, into ${folder.path}`);
    const exitCode = await measureRuns(batch, () => folder.tryWrite(BATCH_FILE, toText(file)));
    file.end = new Date().toISOString();
    folder.tryWrite(BATCH_FILE, toText(file));
    const isWritten = await endBatch(batch, { json, quiet });
    outlets.finish();
    await live?.waitForLastScrape(session.stop.signal);
    return exitCode === EXIT.ok && !(isWritten && outlets.isWritten) ? EXIT.failed : exitCode;
  } finally {
    await session.close();
    await live?.close();
  }
}

/** @throws UserError with the run's name before what is wrong */
function resolveEntry({ names, sources }: BatchEntry): Config {
  try {
    return resolveConfig(sources);
  } catch (error) {
    if (!(error instanceof OptionError || error instanceof UserError)) throw error;
    throw new UserError(`${toLabel(names)}: ${error.message}`, EXIT.usage);
  }
}

/** "batch", and the runs' name where they have one in common. */
function toBatchName(configs: readonly Config[]): string {
  const names = new Set(configs.map(({ runner }) => runner.name));
  const [name] = names;
  return names.size === 1 && configs[0]?.origins.name !== "default" ? `batch-${name}` : "batch";
}

function toText(file: BatchFile): string {
  return `${JSON.stringify(file, null, 2)}\n`;
}
