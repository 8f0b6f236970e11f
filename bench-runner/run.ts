// A run from its configuration to its summary, step by step.
import { join } from "node:path";
import { type Schedule, takeFirst } from "../lib/core/plans/schedule.ts";
import { type Config, toShownValues, withSchedule } from "./config.ts";
import { toConfigText } from "./config-text.ts";
import { readEnvironment, readOwnVersion, readServerFacts } from "./environment.ts";
import { EXIT } from "./exit-codes.ts";
import { readLastLines } from "./file-tail.ts";
import { toK6Args, toK6Variables } from "./k6-args.ts";
import { LiveRun } from "./live-server/live-run.ts";
import { describeEnd, SHOWN_LOG_LINES } from "./llama-server.ts";
import { type LoadEnd, runLoad } from "./load.ts";
import { toExitCode, toOutcome } from "./outcome.ts";
import { Outlets } from "./outlets.ts";
import { describeServer, type Plan, planRun } from "./plan.ts";
import { type WrittenPrompts, writePrompts } from "./prompts/write-prompts.ts";
import { writeResults } from "./results.ts";
import { type ConfigFile, type EnvironmentFile, type PromptsUse, RUN_FILES } from "./run-files.ts";
import { createRunFolder, type RunFolder } from "./run-folder.ts";
import { hideSecretArgs, hideUserInfo } from "./secrets.ts";
import { Session } from "./session.ts";
import { openServer, type TargetServer } from "./target-server.ts";
import { toTerminalLook } from "./terminal-look.ts";

export interface RunContext {
  variables: Readonly<Record<string, string | undefined>>;
  git: { branch?: string; commit?: string };
  /** Notices, warnings and errors. */
  say: (text: string) => void;
  /** The summary. */
  print: (text: string) => void;
}

/** With what the run's options make of it. */
interface RunOutput extends RunContext {
  /** What can be left out: nothing with `--quiet`. */
  notice: (text: string) => void;
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
  return { ...context, outlets, notice: quiet ? () => {} : context.say };
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

async function openLive({ runner }: Config, say: (text: string) => void): Promise<LiveRun | undefined> {
  const { listen, name, repeat } = runner;
  if (listen === undefined) return undefined;
  const scenario = runner.scenario.replace(/^.*[\\/]/, "").replace(/\.\w+$/, "");
  return await LiveRun.open({
    listen,
    run: { name, scenario, version: readOwnVersion() },
    repeats: repeat,
    say,
  });
}

async function runPlanned(config: Config, context: RunOutput, live: LiveRun | undefined): Promise<number> {
  const plan = await planRun(config, context.variables);
  const folder = createRunFolder(config.runner.output, config.runner.name, new Date());
  const parentFd = Number(context.variables.SERVER_BENCH_PARENT_FD || Number.NaN);
  const session = new Session({
    ...(Number.isInteger(parentFd) && { parentFd }),
    onKill: () => context.say(`\nEnded at once. What was recorded is in ${folder.path}`),
  });
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
  context: RunOutput,
  live: LiveRun | undefined,
): Promise<number> {
  const { say, notice, outlets } = context;
  const { config: asked } = plan;
  writeConfig(folder, asked, plan);
  notice(toConfigText(asked, describeServer(asked, plan.server)));
  for (const text of [plan.scheduleNotice, ...plan.promptNotices]) if (text !== undefined) notice(text);
  if (plan.filesNotice !== undefined) say(plan.filesNotice);
  if (plan.server.kind === "start") notice("\nStarting llama-server …");
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
  const { config: sized, ...prompts } = await writePrompts(named, plan, server.url, folder, notice);
  const schedule = plan.schedule && takeFirst(plan.schedule, sized.iterations);
  const config = schedule === undefined ? sized : withSchedule(sized, schedule);
  const job = { plan, config, prompts, schedule, server, session, environment, context, live };
  notice(`Server ready. Load runs; Ctrl-C stops it and keeps what was measured.\n`);
  const { repeat } = config.runner;
  const exitCode = repeat === 1 ? await runOnce(job, folder, true) : await runRepeats(job, folder, repeat);
  outlets.finish(folder);
  return exitCode === EXIT.ok && !outlets.isWritten ? EXIT.failed : exitCode;
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
  context: RunOutput;
  live: LiveRun | undefined;
}

/** The same load again and again on one warm server, each in a folder of its own within the run's. */
async function runRepeats(job: Job, folder: RunFolder, repeat: number): Promise<number> {
  const { session, context } = job;
  const exitCodes: number[] = [];
  for (let number = 1; number <= repeat; number++) {
    context.notice(`\nRepeat ${number} of ${repeat}`);
    const own = folder.makeFolder(`repeat-${number}`);
    own.write(RUN_FILES.environment, toJson(job.environment));
    exitCodes.push(await runOnce(job, own, number === repeat));
    const last = exitCodes.at(-1);
    if (session.stop.signal.aborted || (last !== EXIT.ok && last !== EXIT.threshold)) break;
  }
  return exitCodes.find((code) => code !== EXIT.ok) ?? EXIT.ok;
}

/**
 * One run of k6, from its start to its summary, which the outlets take.
 * @param isLast the server is not needed after it
 */
async function runOnce(
  { plan, config, prompts, schedule, server, session, context, live }: Job,
  folder: RunFolder,
  isLast: boolean,
): Promise<number> {
  const { say, outlets } = context;
  const k6Args = toK6Args(config, plan.scenario);
  writeConfig(folder, config, plan, { k6Args, prompts: prompts.facts });
  if (schedule !== undefined) folder.write(RUN_FILES.schedule, JSON.stringify(schedule));
  await live?.follow(folder.file(RUN_FILES.records), config.vus);
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
    quiet: config.runner.quiet,
    write: (line) => folder.append(RUN_FILES.server, line),
  });
  await live?.settle();
  const planned = { iterations: prompts.facts.requests, durationSeconds: config.durationSeconds };
  const outcome = toOutcome(end, planned, session.stop.reason);
  folder.tryWrite(RUN_FILES.outcome, toJson(outcome));
  if (end.endedBy === "server_death") say(`\n${server.describeDeath?.()}\n`);
  else if (isLast || end.endedBy === "stop") await stopServer(server);

  try {
    const results = await writeResults(folder, outcome);
    const { summary, text } = results;
    if (summary === undefined || text === undefined) say(describeK6Failure(end, folder));
    else outlets.take(summary, text, folder);
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
