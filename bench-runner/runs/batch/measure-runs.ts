// The runs of a batch: for each its plan, its server unless the last one's is the same, its load and its result.
import { OptionError } from "../../../lib/core/option-error.ts";
import { resolveAsked } from "../asked-config.ts";
import type { Config } from "../../config/config.ts";
import { EXIT } from "../../platform/exit-codes.ts";
import type { LiveRun } from "../../outputs/live/live-run.ts";
import { prepareLoad, runJob, toJson, writeConfig } from "../load-job.ts";
import type { Outlets } from "../outlets.ts";
import { type Plan, planRun } from "../../load/run-plan.ts";
import { describeServer, type ServerPlan } from "../../servers/start/server-plan.ts";
import type { RunContext } from "../run.ts";
import { RUN_FILES } from "../../run-folder/run-files.ts";
import type { RunFolder } from "../../run-folder/run-folder.ts";
import type { Session } from "../../platform/session.ts";
import type { Summary } from "../../summary/summary.ts";
import { UserError } from "../../platform/user-error.ts";
import { openWarmServer, type WarmServer } from "../../load/warm-server.ts";
import type { BatchFile, BatchRun } from "./batch-file.ts";
import { describeResult } from "./describe-result.ts";
import type { BatchEntry } from "./run-batch.ts";
import { toLabel, toRunFolderName } from "./run-names.ts";
import { toServerKey } from "./server-key.ts";

export interface Batch extends RunContext {
  entries: readonly BatchEntry[];
  configs: readonly Config[];
  folder: RunFolder;
  /** Its runs get what came of them. */
  file: BatchFile;
  session: Session;
  live: LiveRun | undefined;
  outlets: Outlets;
  /** What can be left out. */
  notice: (text: string) => void;
}

/** A server that is started here, and for which runs. */
interface Running {
  key: string | undefined;
  plan: ServerPlan;
  warm: WarmServer;
}

/** @param onStep after each run @returns the first exit code that is not 0 */
export async function measureRuns(batch: Batch, onStep: () => void): Promise<number> {
  const { entries, configs, file, session, say, notice } = batch;
  const exitCodes: number[] = [];
  let running: Running | undefined;
  for (const [index, entry] of entries.entries()) {
    if (session.stop.signal.aborted) break;
    const run = file.runs[index] as BatchRun;
    notice(`\nRun ${run.number} of ${entries.length}: ${toLabel(entry.names)}`);
    const key = toServerKey(configs[index] as Config);
    if (running !== undefined && running.key !== key) running = await close(running, session);
    const next = configs[index + 1];
    const isLast = key === undefined || next === undefined || toServerKey(next) !== key;
    const step = { entry, run, key, isLast, running };
    try {
      const measured = await measure(batch, step);
      running = measured.running;
      run.exitCode = measured.exitCode;
    } catch (error) {
      if (!(error instanceof UserError || error instanceof OptionError)) throw error;
      run.exitCode = error instanceof UserError ? error.exitCode : EXIT.usage;
      run.problem = error.message;
      say(`${toLabel(entry.names)}: ${error.message}`);
      running = await close(step.running, session);
    }
    exitCodes.push(run.exitCode);
    onStep();
  }
  await close(running, session);
  if (session.stop.signal.aborted) {
    const left = entries.length - exitCodes.length;
    say(
      `Stopped (${session.stop.reason}): ${left === 0 ? "every run had begun" : `${left} of ${entries.length} runs were not begun`}.`,
    );
    return EXIT.stopped;
  }
  return exitCodes.find((code) => code !== EXIT.ok) ?? EXIT.ok;
}

interface Step {
  entry: BatchEntry;
  run: BatchRun;
  key: string | undefined;
  /** No other run follows on its server. */
  isLast: boolean;
  running: Running | undefined;
}

/** @throws UserError, OptionError */
async function measure(
  batch: Batch,
  { entry, run, key, isLast, running }: Step,
): Promise<{ exitCode: number; running: Running | undefined }> {
  const { session, live, outlets, say, notice, folder } = batch;
  const { config, discovery } = await resolveAsked(entry.sources, undefined);
  if (discovery !== undefined) notice(discovery.text);
  const plan = await planRun(config, entry.sources.variables, running?.plan);
  const own = folder.makeFolder(toRunFolderName(run.number, entry.names, batch.entries.length));
  run.folder = own.path.slice(folder.path.length + 1);
  writeConfig(own, config, plan);
  for (const text of [plan.scheduleNotice, ...plan.promptNotices]) if (text !== undefined) notice(text);
  if (plan.filesNotice !== undefined) say(plan.filesNotice);
  const warm = running?.warm ?? (await open(batch, plan, own));
  own.write(RUN_FILES.environment, toJson(warm.environment));
  if (session.stop.signal.aborted) return { exitCode: EXIT.stopped, running: undefined };
  const take = (summary: Summary, text: string, one: RunFolder) => {
    notice(describeResult(summary, one.path));
    outlets.take(summary, text, one);
  };
  const output = { say, notice, take };
  const job = await prepareLoad(plan, warm, own, { session, output, live });
  const exitCode = await runJob(job, own, isLast);
  const isGone = isLast || exitCode === EXIT.serverDied || warm.server.group === undefined;
  return { exitCode, running: isGone ? undefined : { key, plan: plan.server, warm } };
}

/** The log of a server that several runs share is in the folder of the first. */
async function open({ session, git, notice }: Batch, plan: Plan, own: RunFolder): Promise<WarmServer> {
  if (plan.server.kind !== "url") notice(`Starting ${describeServer(plan.config, plan.server)} …`);
  return openWarmServer(plan, own, session, git);
}

/** Ends a server before the next one is started, which may need its port and its memory. */
async function close(running: Running | undefined, session: Session): Promise<undefined> {
  await running?.warm.server.group?.stop(5_000);
  await session.endGroups();
}
