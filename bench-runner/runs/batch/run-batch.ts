// Several runs, one after the other, into one folder: each target × model × workload, then the matrix of them.
import { OptionError } from "../../../lib/core/option-error.ts";
import { type Config, resolveConfig } from "../../config/config.ts";
import type { Context } from "../../platform/context.ts";
import { EXIT } from "../../platform/exit-codes.ts";
import { toTerminalLook } from "../../platform/terminal-look.ts";
import { UserError } from "../../platform/user-error.ts";
import { createRunFolder } from "../../run-folder/run-folder.ts";
import { toJson } from "../measure-load.ts";
import { type Measurement, withMeasurement } from "../measurement.ts";
import { Outlets } from "../outlets.ts";
import { BATCH_FILE, type BatchEntry, type BatchFile } from "./batch-file.ts";
import { endBatch } from "./end-batch.ts";
import { measureRuns } from "./measure-runs.ts";
import { toLabel } from "./run-names.ts";

/**
 * Nothing that it started is alive when it returns or throws. A run that fails does not stop the others.
 * @returns the exit code: the first of its runs' codes that is not 0
 * @throws UserError for mistakes in the options of a run, with its name, before anything has started
 */
export async function runBatch(entries: readonly BatchEntry[], context: Context): Promise<number> {
  const configs = entries.map(resolveEntry);
  const [first] = configs as [Config];
  const { json, quiet, append, results, output, throughputOnly } = first.runner;
  if (throughputOnly) {
    throw new UserError(
      "`--throughput-only` is for single runs: the matrix has the throughput of each. Leave it out.",
      EXIT.usage,
    );
  }
  const { width } = toTerminalLook(process.stdout, context.variables);
  const outlets = new Outlets(
    {
      json,
      quiet,
      ...(append !== undefined && { append }),
      ...(results !== undefined && { results }),
      runs: "repeats",
      isFresh: true,
    },
    { ...context, width },
  );
  const makeFolder = () => createRunFolder(output, toBatchName(configs), new Date());
  return withMeasurement({ config: first, makeFolder, repeats: 1 }, context, (measurement) =>
    measureBatch(entries, configs, measurement, outlets),
  );
}

async function measureBatch(
  entries: readonly BatchEntry[],
  configs: readonly Config[],
  measurement: Measurement,
  outlets: Outlets,
): Promise<number> {
  const { folder, notice } = measurement;
  const file: BatchFile = {
    schema: "server-bench/batch/1",
    start: new Date().toISOString(),
    runs: entries.map(({ names }, index) => ({ number: index + 1, ...names })),
  };
  folder.write(BATCH_FILE, toJson(file));
  notice(`${entries.length} runs, one after the other, into ${folder.path}`);
  const batch = { measurement, entries, configs, file, outlets };
  const exitCode = await measureRuns(batch, () => folder.tryWrite(BATCH_FILE, toJson(file)));
  file.end = new Date().toISOString();
  folder.tryWrite(BATCH_FILE, toJson(file));
  const { json, quiet } = (configs[0] as Config).runner;
  const isWritten = await endBatch(measurement, file, { json, quiet });
  await outlets.finish();
  return exitCode === EXIT.ok && !(isWritten && outlets.isWritten) ? EXIT.failed : exitCode;
}

/** @throws UserError that begins with the name of the run */
function resolveEntry({ names, sources }: BatchEntry): Config {
  try {
    return resolveConfig(sources);
  } catch (error) {
    if (!(error instanceof OptionError || error instanceof UserError)) throw error;
    throw new UserError(`${toLabel(names)}: ${error.message}`, EXIT.usage);
  }
}

/** "batch", followed by the name of the runs if they share one. */
function toBatchName(configs: readonly Config[]): string {
  const names = new Set(configs.map(({ runner }) => runner.name));
  const [name] = names;
  return names.size === 1 && configs[0]?.origins.name !== "default" ? `batch-${name}` : "batch";
}
