// One load from its plan to its results: server, prompts, k6 once or several times, each run into its own folder.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { toRepeatSeed } from "../../lib/core/prompts/repeat-seed.ts";
import type { LoadPlan } from "../config/load-plan.ts";
import { toPriorityStart } from "../load/client-priority.ts";
import { toMostSeconds } from "../load/end-k6.ts";
import { toK6Args, toK6Settings, toK6Variables } from "../load/k6-args.ts";
import { toK6Environment } from "../load/k6-environment.ts";
import { type LoadEnd, runLoad } from "../load/load.ts";
import { toExitCode, toOutcome } from "../load/outcome.ts";
import type { Plan } from "../load/run-plan.ts";
import { openWarmServer, takeModelFromServer, type WarmServer } from "../load/warm-server.ts";
import { type WrittenPrompts, writePrompts } from "../load/write-prompts.ts";
import { renderRepeatsCsv } from "../outputs/repeats.ts";
import { EXIT, isMeasured } from "../platform/exit-codes.ts";
import { readLastLines } from "../platform/file-tail.ts";
import type { TakenRows } from "../prompts/choose-prompts.ts";
import { type CacheReset, type ConfigFile, RUN_FILES } from "../run-folder/run-files.ts";
import type { RunFolder } from "../run-folder/run-folder.ts";
import { resetCache } from "../servers/cache/reset-cache.ts";
import { describeEnd, SHOWN_LOG_LINES } from "../servers/start/llama-server.ts";
import type { Summary } from "../summary/summary.ts";
import type { Measurement } from "./measurement.ts";
import { writeResults } from "./results.ts";
import { toConfigFile } from "./run-config.ts";

export interface Load {
  plan: Plan;
  /** Gets the files of the load, or with `--repeat` a folder for each repeat. */
  folder: RunFolder;
  /** A server that is ready; without it the plan's server is opened, and its log goes into the folder. */
  warm?: WarmServer;
  /** No later load needs the server. */
  isLast: boolean;
  /** Its rows should be others than those of earlier loads on the server, where the dataset has enough. */
  takesOthersRows?: true;
  /** Takes what `--quiet` leaves out. */
  notice: (text: string) => void;
  /** Runs when all is ready, just before the first request. */
  onReady?: () => void;
  /** Takes the results of each run as soon as they are written. @param text the summary for the terminal */
  take: (summary: Summary, text: string, folder: RunFolder) => void;
}

export interface MeasuredLoad {
  /** With several repeats, the first code other than 0. */
  exitCode: number;
  /** False if the user stopped it before the first request. */
  hasBegun: boolean;
  warm: WarmServer;
}

/** @throws UserError where the server does not get ready, no prompt is left, or the disk is full */
export async function measureLoad(measurement: Measurement, load: Load): Promise<MeasuredLoad> {
  const { session, say } = measurement;
  const { plan, folder, notice } = load;
  try {
    const warm = load.warm ?? (await openWarmServer(plan, folder, session));
    folder.write(RUN_FILES.environment, toJson(warm.environment));
    if (session.stop.signal.aborted) return { exitCode: EXIT.stopped, hasBegun: false, warm };
    const named = takeModelFromServer(plan, warm.models, say);
    // The rows of other runs of a batch are the same: they are compared.
    const taken = load.takesOthersRows ? warm.taken : new Map();
    const firstFolder = plan.config.runner.repeat === 1 ? folder : folder.makeFolder("repeat-1");
    const first = await writePrompts(plan, named, warm.server.url, firstFolder, { say: notice, taken });
    load.onReady?.();
    const ready = { warm, named, taken, first, firstFolder };
    return { exitCode: await runRepeats(measurement, load, ready), hasBegun: true, warm };
  } finally {
    // A run that ended before its load still says what was asked for.
    if (!existsSync(folder.file(RUN_FILES.config))) {
      folder.tryWrite(RUN_FILES.config, toJson(toConfigFile(plan)));
    }
  }
}

interface Ready {
  warm: WarmServer;
  /** The load, with the server's name of its model. */
  named: LoadPlan;
  /** Rows that earlier loads and repeats sent to the server. */
  taken: TakenRows;
  /** The prompts of the first repeat, or of the only one. */
  first: WrittenPrompts;
  firstFolder: RunFolder;
}

async function runRepeats(measurement: Measurement, load: Load, ready: Ready): Promise<number> {
  const { plan, folder, notice, isLast } = load;
  const { warm, named, taken, first, firstFolder } = ready;
  const { repeat } = plan.config.runner;
  if (repeat === 1) return runOnce(measurement, load, { warm, prompts: first }, folder);
  folder.write(RUN_FILES.config, toJson(toConfigFile(plan, { load: first.load, prompts: first.facts })));
  const exitCodes: number[] = [];
  const summaries: Summary[] = [];
  const take: Load["take"] = (summary, text, own) => {
    summaries.push(summary);
    load.take(summary, text, own);
  };
  for (let number = 1; number <= repeat; number++) {
    notice(`\nRepeat ${number} of ${repeat}`);
    const own = number === 1 ? firstFolder : folder.makeFolder(`repeat-${number}`);
    own.write(RUN_FILES.environment, toJson(warm.environment));
    const seed = toRepeatSeed(plan.config.load.seed, number);
    const other = { ...named, options: { ...named.options, seed } };
    // What there is to say of the prompts was said once.
    const prompts =
      number === 1 ? first : await writePrompts(plan, other, warm.server.url, own, { say: () => {}, taken });
    const one = { ...load, take, isLast: isLast && number === repeat };
    const exitCode = await runOnce(
      measurement,
      one,
      { warm, prompts, repeat: { number, of: repeat, seed } },
      own,
    );
    exitCodes.push(exitCode);
    if (measurement.session.stop.signal.aborted) break;
    if (!isMeasured(exitCode)) break;
  }
  if (summaries.length > 0) folder.tryWrite(RUN_FILES.repeats, renderRepeatsCsv(summaries));
  // A failure counts more than a doubt.
  const codes = exitCodes.filter((code) => code !== EXIT.ok);
  return codes.find((code) => code !== EXIT.uncertain) ?? codes[0] ?? EXIT.ok;
}

interface ReadyOnce {
  warm: WarmServer;
  prompts: WrittenPrompts;
  /** Only with `--repeat`. */
  repeat?: ConfigFile["repeat"];
}

/** Empties the prompt cache of the server, or of both. */
async function resetCaches({ config }: Plan, warm: WarmServer): Promise<CacheReset[]> {
  const { server } = warm;
  if (warm.isNew) {
    warm.isNew = false;
    return [{ state: "new", said: "the server had just started" }];
  }
  const servers = [server, ...(server.second === undefined ? [] : [server.second])];
  if (config.runner.resetCache === "off") {
    return servers.map(() => ({ state: "kept" as const, said: "`--reset-cache off`" }));
  }
  return Promise.all(servers.map((one) => resetCache(one, config.access)));
}

/** One run of k6, from its start to its summary. */
async function runOnce(
  { session, live, say, hidden, variables: around }: Measurement,
  { plan, isLast, take }: Load,
  { warm, prompts, repeat }: ReadyOnce,
  folder: RunFolder,
): Promise<number> {
  const { server, clientPriority } = warm;
  const { config, k6, scenario } = plan;
  const { load, facts } = prompts;
  const { schedule } = load;
  const [journalPath, k6LogPath] = [folder.file(RUN_FILES.records), folder.file(RUN_FILES.k6Log)];
  const k6Args = toK6Args(config, load, scenario);
  const { variables, ownSession } = toPriorityStart(clientPriority);
  const files = {
    rows: prompts.path,
    settings: folder.file(RUN_FILES.settings),
    journal: journalPath,
    summary: folder.file(RUN_FILES.k6Summary),
    ...(schedule !== undefined && { schedule: folder.file(RUN_FILES.schedule) }),
  };
  const k6Variables = { ...toK6Variables(config, load, server.url, files), ...variables };
  folder.write(RUN_FILES.settings, toJson(toK6Settings(config, load)));
  const promptCache = await resetCaches(plan, warm);
  const known = { load, prompts: facts, k6Args, k6Variables, promptCache, ...(repeat && { repeat }) };
  folder.write(RUN_FILES.config, toJson(toConfigFile(plan, known)));
  if (schedule !== undefined) folder.write(RUN_FILES.schedule, JSON.stringify(schedule));
  await live?.follow(journalPath, load.clients);
  const end = await runLoad({
    startK6: () =>
      session.start({
        file: k6.path,
        args: k6Args,
        variables: toK6Environment(k6Variables, around),
        logPath: k6LogPath,
        ownSession,
      }),
    server,
    stop: session.stop,
    guard: session.guard,
    journalPath,
    k6LogPath,
    durationSeconds: load.seconds,
    mostSeconds: toMostSeconds(load),
    ...(facts.requests !== undefined && { iterations: facts.requests }),
    quiet: config.runner.quiet,
    write: (line) => folder.append(RUN_FILES.server, line),
    hidden,
  });
  await live?.settle();
  const outcome = toOutcome(end, session.stop.reason);
  folder.tryWrite(RUN_FILES.outcome, toJson(outcome));
  if (end.endedBy === "server_death") say(`\n${server.describeDeath?.()}\n`);
  else if (isLast || end.endedBy === "stop") await server.group?.stop(5_000);
  try {
    const results = await writeResults(folder, outcome);
    const { summary, text } = results;
    if (summary === undefined || text === undefined) say(describeK6Failure(end, folder));
    else take(summary, text, folder);
    return toExitCode(end, { ...results, lost: (summary?.requests.lost ?? 0) > 0 });
  } finally {
    sayProblems(folder, say);
  }
}

function sayProblems({ problems, path }: RunFolder, say: (text: string) => void): void {
  if (problems.length === 0) return;
  const remedy = `What was recorded is kept. Make room, then \`node bench-runner report ${path}\` writes the rest.`;
  say([...problems, remedy].join("\n"));
}

/** k6 ended before it recorded anything: its last words are all there is, unless they were shown already. */
function describeK6Failure(end: LoadEnd, folder: RunFolder): string {
  const log = join(folder.path, RUN_FILES.k6Log);
  const sentence = `k6 ${describeEnd(end.k6)} before it recorded a request.`;
  const lines = end.k6HasSpoken ? [] : readLastLines(log, SHOWN_LOG_LINES);
  if (lines.length === 0) return `${sentence} Its log: ${log}`;
  return [`${sentence} Its last lines (${log}):`, ...lines.map((line) => `  ${line}`)].join("\n");
}

/** JSON as in the files of a run folder. */
export function toJson(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
