// A run from its configuration to its summary, step by step.
import { join } from "node:path";
import { cutSchedule, type Schedule } from "../lib/core/plans/schedule.ts";
import { type Config, toShownValues, withSchedule } from "./config.ts";
import { toConfigText } from "./config-text.ts";
import { readEnvironment, readServerFacts } from "./environment.ts";
import { EXIT } from "./exit-codes.ts";
import { readLastLines } from "./file-tail.ts";
import { toK6Args, toK6Variables } from "./k6-args.ts";
import { describeEnd, SHOWN_LOG_LINES } from "./llama-server.ts";
import { type LoadEnd, runLoad } from "./load.ts";
import { toExitCode, toOutcome } from "./outcome.ts";
import { describeServer, type Plan, planRun } from "./plan.ts";
import { type WrittenPrompts, writePrompts } from "./prompts/write-prompts.ts";
import { renderRepeats, renderThroughput } from "./repeats.ts";
import { describeFiles, writeResults } from "./results.ts";
import { type ConfigFile, type EnvironmentFile, type PromptsUse, RUN_FILES } from "./run-files.ts";
import { createRunFolder, type RunFolder } from "./run-folder.ts";
import { hideSecretArgs, hideUserInfo } from "./secrets.ts";
import { Session } from "./session.ts";
import type { Summary } from "./summary.ts";
import { openServer, type TargetServer } from "./target-server.ts";

export interface RunContext {
  variables: Readonly<Record<string, string | undefined>>;
  git: { branch?: string; commit?: string };
  /** Progress and notices. */
  say: (text: string) => void;
  /** The summary. */
  print: (text: string) => void;
}

/**
 * The whole run. Nothing that it started is alive when it returns or throws.
 * @returns the exit code
 * @throws UserError
 */
export async function run(config: Config, context: RunContext): Promise<number> {
  const plan = await planRun(config, context.variables);
  const folder = createRunFolder(config.runner.output, config.runner.name, new Date());
  const parentFd = Number(context.variables.SERVER_BENCH_PARENT_FD || Number.NaN);
  const session = new Session({
    ...(Number.isInteger(parentFd) && { parentFd }),
    onKill: () => context.say(`\nEnded at once. What was recorded is in ${folder.path}`),
  });
  try {
    return await runInFolder(plan, folder, session, context);
  } finally {
    await session.close();
  }
}

async function runInFolder(
  plan: Plan,
  folder: RunFolder,
  session: Session,
  context: RunContext,
): Promise<number> {
  const { say } = context;
  const { config: asked } = plan;
  writeConfig(folder, asked, plan);
  say(toConfigText(asked, describeServer(asked, plan.server)));
  for (const notice of [plan.scheduleNotice, ...plan.promptNotices, plan.filesNotice]) {
    if (notice !== undefined) say(notice);
  }
  if (plan.server.kind === "start") say("\nStarting llama-server …");
  const server = await openServer(plan.server, session, {
    apiKey: asked.load.apiKey,
    logPath: folder.file(RUN_FILES.serverLog),
    readyTimeoutSeconds: asked.runner.readyTimeout,
  });
  const { signal } = session.stop;
  const facts = signal.aborted ? {} : await readServerFacts(server.reader);
  const named = asked.target.kind === "url" ? takeModelFromServer(asked, facts.models, say) : asked;
  const modelPath = plan.server.kind === "start" ? (plan.server.modelPath ?? facts.modelPath) : undefined;
  const environment = await readEnvironment({ k6: plan.k6, server: facts, modelPath, git: context.git });
  folder.write(RUN_FILES.environment, toJson(environment));

  if (signal.aborted) {
    say(`Stopped (${session.stop.reason}) before the load began: nothing was measured.`);
    return EXIT.stopped;
  }
  const { config: sized, ...prompts } = await writePrompts(named, plan, server.url, folder, say);
  const schedule = plan.schedule && cutSchedule(plan.schedule, sized.iterations);
  const config = schedule === undefined ? sized : withSchedule(sized, schedule);
  const job = { plan, config, prompts, schedule, server, session, environment, context };
  say(`Server ready. Load runs; Ctrl-C stops it and keeps what was measured.\n`);
  const { repeat } = config.runner;
  return repeat === 1 ? runOnce(job, folder, true) : runRepeats(job, folder, repeat);
}

/** What all repeats of a run share. */
interface Job {
  plan: Plan;
  config: Config;
  prompts: WrittenPrompts;
  schedule: Schedule | undefined;
  server: TargetServer;
  session: Session;
  environment: EnvironmentFile;
  context: RunContext;
}

/** The same load again and again on one warm server, each in a folder of its own within the run's. */
async function runRepeats(job: Job, folder: RunFolder, repeat: number): Promise<number> {
  const { session, context } = job;
  const exitCodes: number[] = [];
  const summaries: Summary[] = [];
  for (let number = 1; number <= repeat; number++) {
    context.say(`\nRepeat ${number} of ${repeat}`);
    const own = folder.makeFolder(`repeat-${number}`);
    own.write(RUN_FILES.environment, toJson(job.environment));
    exitCodes.push(await runOnce(job, own, number === repeat, (summary) => summaries.push(summary)));
    const last = exitCodes.at(-1);
    if (session.stop.signal.aborted || (last !== EXIT.ok && last !== EXIT.threshold)) break;
  }
  context.print(`${renderRepeats(summaries)}\n\n${folder.path}`);
  return exitCodes.find((code) => code !== EXIT.ok) ?? EXIT.ok;
}

/**
 * One run of k6, from its start to its summary, which is printed unless somebody takes it.
 * @param isLast the server is not needed after it
 */
async function runOnce(
  { plan, config, prompts, schedule, server, session, context }: Job,
  folder: RunFolder,
  isLast: boolean,
  take?: (summary: Summary) => void,
): Promise<number> {
  const { say, print } = context;
  const k6Args = toK6Args(config, plan.scenario);
  writeConfig(folder, config, plan, { k6Args, prompts: prompts.facts });
  if (schedule !== undefined) folder.write(RUN_FILES.schedule, JSON.stringify(schedule));
  const end = await runLoad({
    startK6: () =>
      session.start({
        file: plan.k6.path,
        args: k6Args,
        variables: toK6Variables(config, server.url, {
          rows: prompts.path,
          journal: folder.file(RUN_FILES.records),
          summary: folder.file(RUN_FILES.k6Summary),
          ...(schedule !== undefined && { schedule: folder.file(RUN_FILES.schedule) }),
        }),
        logPath: folder.file(RUN_FILES.k6Log),
      }),
    server,
    stop: session.stop,
    journalPath: folder.file(RUN_FILES.records),
    k6LogPath: folder.file(RUN_FILES.k6Log),
    durationSeconds: config.durationSeconds,
    ...(prompts.facts.requests !== undefined && { iterations: prompts.facts.requests }),
    write: (line) => folder.append(RUN_FILES.server, line),
  });
  const planned = { iterations: prompts.facts.requests, durationSeconds: config.durationSeconds };
  const outcome = toOutcome(end, planned, session.stop.reason);
  folder.tryWrite(RUN_FILES.outcome, toJson(outcome));
  if (end.endedBy === "server_death") say(`\n${server.describeDeath?.()}\n`);
  else if (isLast || end.endedBy === "stop") await stopServer(server);

  try {
    const results = await writeResults(folder, outcome);
    if (results.summary === undefined) say(describeK6Failure(end, folder));
    else if (take !== undefined) take(results.summary);
    else if (config.runner.throughputOnly) print(renderThroughput(results.summary));
    else print(`${results.text}\n${describeFiles(folder)}`);
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

async function stopServer(server: TargetServer): Promise<void> {
  await server.group?.stop(5_000);
}

/** With `--url` and no name given, the one model that the server has. */
function takeModelFromServer(
  config: Config,
  models: readonly string[] | undefined,
  say: (text: string) => void,
): Config {
  const [only, ...others] = models ?? [];
  if (config.origins.modelAlias !== "default" || only === undefined) return config;
  if (others.length > 0) {
    if (!models?.includes(config.load.modelAlias)) {
      say(`The server has several models (${models?.join(", ")}): choose one with \`--model\`.`);
    }
    return config;
  }
  return {
    ...config,
    load: { ...config.load, modelAlias: only },
    origins: { ...config.origins, modelAlias: "server" },
  };
}

function toJson(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** @param known what is known only when the server runs */
function writeConfig(
  folder: RunFolder,
  config: Config,
  plan: Plan,
  known: { k6Args?: string[]; prompts?: PromptsUse } = {},
): void {
  const { server } = plan;
  const { k6Args, prompts } = known;
  const file: ConfigFile = {
    schema: "server-bench/config/1",
    name: config.runner.name,
    serverStartedHere: server.kind === "start",
    serverUrl: hideUserInfo(server.url),
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
      ...(k6Args && { k6: [plan.k6.path, ...k6Args] }),
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
