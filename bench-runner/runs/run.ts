// A run from its configuration to its summary, step by step.
import type { Config } from "../config/config.ts";
import { toConfigText } from "../config/config-text.ts";
import { readOwnVersion } from "../load/environment.ts";
import { EXIT } from "../platform/exit-codes.ts";
import { LiveRun } from "../outputs/live/live-run.ts";
import { type LoadOutput, prepareLoad, runJob, toJson, writeConfig } from "./load-job.ts";
import { Outlets } from "./outlets.ts";
import { type Plan, planRun } from "../load/run-plan.ts";
import { describeServer, toServerName } from "../servers/start/server-plan.ts";
import { readPageParts } from "../outputs/report/page-parts.ts";
import { RUN_FILES } from "../run-folder/run-files.ts";
import { createRunFolder, type RunFolder } from "../run-folder/run-folder.ts";
import { Session } from "../platform/session.ts";
import { toTerminalLook } from "../platform/terminal-look.ts";
import { openWarmServer } from "../load/warm-server.ts";
import type { Context } from "../platform/context.ts";

export interface RunContext extends Context {
  git: { branch?: string; commit?: string };
  /** What was found of the server, said once nothing is in the way. */
  found?: string | undefined;
}

/** With what the run's options make of it. */
interface RunOutput extends RunContext, LoadOutput {
  outlets: Outlets;
}

/** @throws UserError where the results could not go where they are asked for */
function toOutput({ runner }: Config, context: RunContext): RunOutput {
  const { quiet, json, throughputOnly, append, repeat } = runner;
  const runs = repeat === 1 ? "one" : "repeats";
  const outlets = new Outlets(
    { json, quiet, throughputOnly, ...(append !== undefined && { append }), runs, isFresh: true },
    { ...context, width: toTerminalLook(process.stdout, context.variables).width },
  );
  return {
    ...context,
    outlets,
    notice: quiet ? () => {} : context.say,
    take: (summary, text, folder) => outlets.take(summary, text, folder),
  };
}

/**
 * The whole run. Nothing that it started is alive when it returns or throws.
 * @returns the exit code
 * @throws UserError
 */
export async function run(config: Config, context: RunContext): Promise<number> {
  const output = toOutput(config, context);
  const live = await openLive(config, context.say);
  try {
    return await runPlanned(config, output, live);
  } finally {
    await live?.close();
  }
}

/** The live charts, where `--listen` asks for them. @throws UserError where it cannot listen */
export async function openLive(
  { runner }: Config,
  say: (text: string) => void,
): Promise<LiveRun | undefined> {
  const { listen, name, repeat } = runner;
  if (listen === undefined) return undefined;
  const scenario = runner.scenario.replace(/^.*[\\/]/, "").replace(/\.\w+$/, "");
  return await LiveRun.open({
    listen,
    page: readPageParts("live"),
    run: { name, scenario, version: readOwnVersion() },
    repeats: repeat,
    say,
  });
}

/** The processes of whatever leaves its files in this folder. */
export function openSession(folder: RunFolder, { variables, say }: RunContext): Session {
  const parentFd = Number(variables.SERVER_BENCH_PARENT_FD || Number.NaN);
  return new Session({
    ...(Number.isInteger(parentFd) && { parentFd }),
    onKill: () => say(`\nEnded at once. What was recorded is in ${folder.path}`),
  });
}

async function runPlanned(config: Config, context: RunOutput, live: LiveRun | undefined): Promise<number> {
  const plan = await planRun(config, context.variables);
  const folder = createRunFolder(config.runner.output, config.runner.name, new Date());
  const session = openSession(folder, context);
  try {
    const exitCode = await runInFolder(plan, folder, session, context, live);
    await live?.waitForLastScrape(session.stop.signal);
    return exitCode;
  } finally {
    await session.close();
  }
}

async function runInFolder(
  plan: Plan,
  folder: RunFolder,
  session: Session,
  output: RunOutput,
  live: LiveRun | undefined,
): Promise<number> {
  const { say, notice, outlets } = output;
  const { config: asked } = plan;
  writeConfig(folder, asked, plan);
  if (output.found !== undefined) notice(output.found);
  notice(toConfigText(asked, describeServer(asked, plan.server)));
  for (const text of [plan.scheduleNotice, ...plan.promptNotices]) if (text !== undefined) notice(text);
  if (plan.filesNotice !== undefined) say(plan.filesNotice);
  if (plan.server.kind !== "url") notice(`\nStarting ${toServerName(plan.server)} …`);
  const warm = await openWarmServer(plan, folder, session, output.git);
  folder.write(RUN_FILES.environment, toJson(warm.environment));

  if (session.stop.signal.aborted) {
    say(`Stopped (${session.stop.reason}) before the load began: nothing was measured.`);
    return EXIT.stopped;
  }
  const job = await prepareLoad(plan, warm, folder, { session, output, live });
  notice(`Server ready. Load runs; Ctrl-C stops it and keeps what was measured.\n`);
  const exitCode = await runJob(job, folder, true);
  outlets.finish(folder);
  return exitCode === EXIT.ok && !outlets.isWritten ? EXIT.failed : exitCode;
}
