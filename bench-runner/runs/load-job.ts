// One load on a server that is ready: its prompts, then k6 from its start to its summary, once or several times.
import { join } from "node:path";
import { type Schedule, takeFirst } from "../../lib/core/plans/schedule.ts";
import { type Config, toShownValues, withSchedule } from "../config/config.ts";
import { EXIT } from "../platform/exit-codes.ts";
import { readLastLines } from "../platform/file-tail.ts";
import { toK6Args, toK6Settings, toK6Variables } from "../load/k6-args.ts";
import type { LiveRun } from "../outputs/live/live-run.ts";
import { describeEnd, SHOWN_LOG_LINES } from "../servers/start/llama-server.ts";
import { type LoadEnd, runLoad } from "../load/load.ts";
import { toExitCode, toOutcome } from "../load/outcome.ts";
import type { Plan } from "../load/run-plan.ts";
import { type WrittenPrompts, writePrompts } from "../load/write-prompts.ts";
import { writeResults } from "./results.ts";
import { type ConfigFile, type PromptsUse, RUN_FILES } from "../run-folder/run-files.ts";
import type { RunFolder } from "../run-folder/run-folder.ts";
import { hideSecretArgs, hideSecretVariables, hideUserInfo } from "../config/secrets.ts";
import { hideLineSecrets } from "../config/server-command.ts";
import type { Session } from "../platform/session.ts";
import type { Summary } from "../summary/summary.ts";
import { takeModelFromServer, type WarmServer } from "../load/warm-server.ts";

/** Where a load's words and results go. */
export interface LoadOutput {
  /** Notices, warnings and errors. */
  say: (text: string) => void;
  /** What can be left out: nothing with `--quiet`. */
  notice: (text: string) => void;
  /** Takes the results of one run. @param text its summary for the terminal */
  take: (summary: Summary, text: string, folder: RunFolder) => void;
}

/** What all repeats of a load share. */
export interface LoadJob {
  plan: Plan;
  config: Config;
  prompts: WrittenPrompts;
  schedule: Schedule | undefined;
  warm: WarmServer;
  session: Session;
  output: LoadOutput;
  live: LiveRun | undefined;
}

/**
 * Writes the prompts into the folder.
 * @throws UserError when no prompt is left, or the tokenizer that was asked for cannot count
 */
export async function prepareLoad(
  plan: Plan,
  warm: WarmServer,
  folder: RunFolder,
  around: Pick<LoadJob, "session" | "output" | "live">,
): Promise<LoadJob> {
  const { say, notice } = around.output;
  const named = takeModelFromServer(plan.config, warm.models, say);
  const { config: sized, ...prompts } = await writePrompts(named, plan, warm.server.url, folder, notice);
  const schedule = plan.schedule && takeFirst(plan.schedule, sized.iterations);
  const config = schedule === undefined ? sized : withSchedule(sized, schedule);
  return { plan, config, prompts, schedule, warm, ...around };
}

/**
 * Once into the folder itself, or with `--repeat` into a folder a time within it.
 * @param isLast the server is not needed after it
 * @returns the exit code: of several repeats the first that is not 0
 */
export async function runJob(job: LoadJob, folder: RunFolder, isLast: boolean): Promise<number> {
  const { session, output, config, warm } = job;
  const { repeat } = config.runner;
  if (repeat === 1) return runOnce(job, folder, isLast);
  const exitCodes: number[] = [];
  for (let number = 1; number <= repeat; number++) {
    output.notice(`\nRepeat ${number} of ${repeat}`);
    const own = folder.makeFolder(`repeat-${number}`);
    own.write(RUN_FILES.environment, toJson(warm.environment));
    exitCodes.push(await runOnce(job, own, isLast && number === repeat));
    const last = exitCodes.at(-1);
    if (session.stop.signal.aborted || (last !== EXIT.ok && last !== EXIT.threshold)) break;
  }
  return exitCodes.find((code) => code !== EXIT.ok) ?? EXIT.ok;
}

/** One run of k6, from its start to its summary. */
async function runOnce(job: LoadJob, folder: RunFolder, isLast: boolean): Promise<number> {
  const { plan, config, prompts, schedule, session, live } = job;
  const { say, take } = job.output;
  const { server } = job.warm;
  const k6Args = toK6Args(config, plan.scenario);
  const k6Variables = toK6Variables(config, server.url, {
    rows: prompts.path,
    settings: folder.file(RUN_FILES.settings),
    journal: folder.file(RUN_FILES.records),
    summary: folder.file(RUN_FILES.k6Summary),
    ...(schedule !== undefined && { schedule: folder.file(RUN_FILES.schedule) }),
  });
  folder.write(RUN_FILES.settings, toJson(toK6Settings(config)));
  writeConfig(folder, config, plan, { k6Args, k6Variables, prompts: prompts.facts });
  if (schedule !== undefined) folder.write(RUN_FILES.schedule, JSON.stringify(schedule));
  await live?.follow(folder.file(RUN_FILES.records), config.vus);
  const end = await runLoad({
    startK6: () =>
      session.start({
        file: plan.k6.path,
        args: k6Args,
        variables: k6Variables,
        logPath: folder.file(RUN_FILES.k6Log),
      }),
    server,
    stop: session.stop,
    journalPath: folder.file(RUN_FILES.records),
    k6LogPath: folder.file(RUN_FILES.k6Log),
    durationSeconds: config.durationSeconds,
    ...(prompts.facts.requests !== undefined && { iterations: prompts.facts.requests }),
    quiet: config.runner.quiet,
    write: (line) => folder.append(RUN_FILES.server, line),
  });
  await live?.settle();
  const planned = { iterations: prompts.facts.requests, durationSeconds: config.durationSeconds };
  const outcome = toOutcome(end, planned, session.stop.reason);
  folder.tryWrite(RUN_FILES.outcome, toJson(outcome));
  if (end.endedBy === "server_death") say(`\n${server.describeDeath?.()}\n`);
  else if (isLast || end.endedBy === "stop") await server.group?.stop(5_000);

  try {
    const results = await writeResults(folder, outcome);
    const { summary, text } = results;
    if (summary === undefined || text === undefined) say(describeK6Failure(end, folder));
    else take(summary, text, folder);
    return toExitCode(end, results);
  } finally {
    sayProblems(folder, say);
  }
}

function sayProblems({ problems, path }: RunFolder, say: (text: string) => void): void {
  if (problems.length === 0) return;
  const remedy = `What was recorded is kept. Make room, then \`node bench-runner report ${path}\` writes the rest.`;
  say([...problems, remedy].join("\n"));
}

export function toJson(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** @param known what is known only when the server runs */
export function writeConfig(
  folder: RunFolder,
  config: Config,
  plan: Plan,
  known: { k6Args?: string[]; k6Variables?: Record<string, string>; prompts?: PromptsUse } = {},
): void {
  const { server } = plan;
  const { k6Args, k6Variables, prompts } = known;
  const file: ConfigFile = {
    schema: "server-bench/config/1",
    name: config.runner.name,
    serverStartedHere: server.kind !== "url",
    serverUrl: hideUserInfo(server.url),
    ...(server.kind === "command" && { serverName: server.name }),
    scenario: plan.scenario,
    kind: config.kind,
    vus: config.vus,
    ...(config.iterations !== undefined && { iterations: config.iterations }),
    durationSeconds: config.durationSeconds,
    values: toShownValues(config),
    origins: config.origins,
    ...(prompts && { prompts }),
    commands: {
      ...(server.kind === "start" && { server: [server.program, ...hideSecretArgs(server.args)] }),
      ...(server.kind === "command" && { server: [hideLineSecrets(server.start)] }),
      ...(k6Args && { k6: [plan.k6.path, ...k6Args] }),
      ...(k6Variables && { k6Variables: hideSecretVariables(k6Variables) }),
    },
  };
  folder.write(RUN_FILES.config, toJson(file));
}

/** k6 ended before it recorded anything: its own words are all there is, unless they were shown already. */
function describeK6Failure(end: LoadEnd, folder: RunFolder): string {
  const log = join(folder.path, RUN_FILES.k6Log);
  const sentence = `k6 ${describeEnd(end.k6)} before it recorded a request.`;
  const lines = end.k6HasSpoken ? [] : readLastLines(log, SHOWN_LOG_LINES);
  if (lines.length === 0) return `${sentence} Its log: ${log}`;
  return [`${sentence} Its last lines (${log}):`, ...lines.map((line) => `  ${line}`)].join("\n");
}
