// The command `calibrate`: the same load against a server whose truth is known, beside a run's result or by itself.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { RequestLine } from "../../../lib/core/request/facts.ts";
import { type Config, resolveConfig } from "../../config/config.ts";
import { EXIT } from "../../platform/exit-codes.ts";
import { checkFileLimits } from "../../platform/file-limits.ts";
import { readJournal } from "../../run-folder/journal-reader.ts";
import { toK6Args, toK6Settings, toK6Variables } from "../../load/k6-args.ts";
import { withLog } from "../../servers/start/llama-server.ts";
import { toOptionText } from "../../config/option-flags.ts";
import { prepareScript } from "../../load/scenario/own-scenario.ts";
import { prepareForRun } from "../../prompts/datasets/prepared-dataset.ts";
import { findK6 } from "../../platform/programs.ts";
import { describeFiles, writeResults } from "../results.ts";
import { type ConfigFile, RUN_FILES } from "../../run-folder/run-files.ts";
import { createRunFolder, RunFolder } from "../../run-folder/run-folder.ts";
import { findScenario } from "../../load/scenario/scenario-file.ts";
import { Session } from "../../platform/session.ts";
import type { Summary } from "../../summary/summary.ts";
import { systemReason, UserError } from "../../platform/user-error.ts";
import { type Calibration, describeCalibration } from "../../run-folder/calibration-file.ts";
import { buildNullServer, startNullServer } from "./null-server.ts";
import { type CalibrationPlan, planCalibration } from "./calibration-plan.ts";
import { compareWithTruth } from "./truth.ts";
import type { Context, Variables } from "../../platform/context.ts";


/** Any address will do: the null server's takes its place. */
const NO_SERVER = "http://127.0.0.1";
/** Of the second run, which finds the client's limit. */
const UNPACED_SECONDS = 3;
const UNPACED_TOKENS = 1000;
const UNPACED_EVENTS_PER_WRITE = 8;
/** Options of a run that shape its requests, and so what its client has to do. */
const KEPT = [
  "seed",
  "maxPromptTokens",
  "maxContext",
  "maxTokens",
  "systemPrompt",
  "temperature",
  "stop",
  "sleep",
  "itlSamples",
  "warmConnections",
  "vus",
  "iterations",
];

/** Flags of a run's results: a calibration has none, its numbers go to calibration.json. */
const OF_RESULTS = [
  "quiet",
  "json",
  "append",
  "throughput-only",
  "repeat",
  "listen",
  "slo",
  "require",
  "abort-on",
];

interface Known {
  config: Config;
  /** Absolute path of the scenario. */
  scenario: string;
  summary?: Summary;
}

function readJson<T>(path: string): T {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as T;
  } catch (error) {
    const reason = error instanceof SyntaxError ? "it is no JSON" : systemReason(error);
    throw new UserError(`${path} cannot be read: ${reason}. Give the folder of a finished run.`);
  }
}

/** What a run was asked to do, and what it saw. */
function readRun(folder: RunFolder, variables: Variables): Known {
  const file = readJson<ConfigFile>(folder.file(RUN_FILES.config));
  const summary = readJson<Summary>(folder.file(RUN_FILES.summary));
  const kept = KEPT.flatMap((key) => {
    const value = file.values[key];
    return value === undefined ? [] : [[key, toOptionText(value)] as const];
  });
  const { BENCH_K6_BIN_PATH } = variables;
  const isPlain = file.kind === "plain";
  const config = resolveConfig({
    flags: { url: NO_SERVER },
    variables: { BENCH_K6_BIN_PATH },
    profile: { ...Object.fromEntries(kept), ...(!isPlain && { vus: String(countClients(file, summary)) }) },
  });
  return { config, scenario: isPlain ? file.scenario : findScenario("script").path, summary };
}

/** How many clients have as much to do as a run of another shape had at a time: by Little's law in an open loop. */
function countClients({ kind, vus }: ConfigFile, { throughput, metrics }: Summary): number {
  if (kind === "closed" || throughput === undefined || metrics.e2e === undefined) return vus;
  return Math.min(vus, Math.ceil((throughput.requestsPerSecond * metrics.e2e.mean) / 1000) || 1);
}

async function readOptions(flags: Readonly<Record<string, string>>, variables: Variables): Promise<Known> {
  const { "hf-repo": _, "hf-file": __, model: ___, ...rest } = flags;
  const config = resolveConfig({ flags: { ...rest, url: NO_SERVER }, variables });
  if (config.kind === "open") {
    throw new UserError(
      "`calibrate` needs to know how many streams are open at a time: give `--vus`, or the folder of a finished run.",
      EXIT.usage,
    );
  }
  const name = config.kind === "plain" ? config.runner.scenario : "script";
  return { config, scenario: await prepareScript(name, variables) };
}

/**
 * @param given the run folder; without it the flags say what to run, and a folder is made
 * @returns the exit code
 * @throws UserError, OptionError
 */
export async function calibrate(
  given: string | undefined,
  flags: Readonly<Record<string, string>>,
  context: Context,
): Promise<number> {
  const [first] = Object.keys(flags);
  if (given !== undefined && first !== undefined) {
    throw new UserError(
      `\`--${first}\` cannot go with a run folder, whose own options are used. Leave one of them out.`,
      EXIT.usage,
    );
  }
  const ofResults = Object.keys(flags).find((flag) => OF_RESULTS.includes(flag));
  if (ofResults !== undefined) {
    throw new UserError(
      `\`calibrate\` does not take \`--${ofResults}\`: it measures the client and writes calibration.json, without a run's results. Leave it out.`,
      EXIT.usage,
    );
  }
  const old = given === undefined ? undefined : new RunFolder(resolve(given));
  const { variables } = context;
  const known = old === undefined ? await readOptions(flags, variables) : readRun(old, variables);
  const k6 = await findK6(known.config.runner.k6Path);
  const plan = planCalibration(known.config, known.summary);
  const notice = await checkFileLimits({ clients: plan.vus, serverStartsHere: false });
  if (notice !== undefined) context.say(notice);
  const parentFd = Number(context.variables.SERVER_BENCH_PARENT_FD || Number.NaN);
  const session = new Session({
    ...(Number.isInteger(parentFd) && { parentFd }),
    onKill: () => context.say("\nEnded at once."),
  });
  const scratch = mkdtempSync(join(tmpdir(), "server-bench-calibration-"));
  try {
    const program = await buildNullServer(session.stop.signal);
    const { path: dataset } = await prepareForRun(
      { maxPromptTokens: known.config.load.maxPromptTokens, maxContext: known.config.load.maxContext },
      context.variables,
    );
    const trial = { ...known, session, program, dataset, k6: k6.path, scratch };
    context.say(
      `Calibrating: ${plan.vus} clients against the null server, ${plan.tokens} tokens an answer, ` +
        `${plan.paceMs.toFixed(1)} ms apart, the first after ${Math.round(plan.firstTokenMs)} ms; at most ${plan.durationSeconds} s.`,
    );
    const paced = await runPaced(trial, plan);
    if (session.stop.signal.aborted) return stopped(context);
    const eventsPerSecond = await runUnpaced(trial, plan);
    if (session.stop.signal.aborted) return stopped(context);
    const calibration = { ...paced, ...(eventsPerSecond !== undefined && { eventsPerSecond }) };
    const { output, name } = known.config.runner;
    const folder = old ?? createRunFolder(output, `${name}-calibration`, new Date());
    folder.write(RUN_FILES.calibration, `${JSON.stringify(calibration, null, 2)}\n`);
    if (old !== undefined) {
      const results = await writeResults(old);
      context.print(`${results.text ?? ""}\n${describeFiles(old)}`);
      return results.written ? EXIT.ok : EXIT.failed;
    }
    context.print(`Calibrated: ${describeCalibration(calibration)}.\n${folder.file(RUN_FILES.calibration)}`);
    return EXIT.ok;
  } finally {
    await session.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

function stopped({ say }: Context): number {
  say("Stopped: nothing was calibrated.");
  return EXIT.stopped;
}

interface Trial extends Known {
  session: Session;
  /** The null server. */
  program: string;
  dataset: string;
  k6: string;
  /** A folder for files that are not kept. */
  scratch: string;
}

/** The run's own pace, each token held against the moment at which the server sent it. */
async function runPaced(trial: Trial, plan: CalibrationPlan): Promise<Calibration> {
  const log = join(trial.scratch, "truth.jsonl");
  const journal = await runTrial(trial, "paced", plan, {
    tokens: plan.tokens,
    pace: toGoTime(plan.paceMs),
    "first-token": toGoTime(plan.firstTokenMs),
    // Streams in step would make the server send all of them at one moment, late.
    spread: toGoTime(plan.paceMs),
    log,
  });
  const report = await compareWithTruth(journal, log, false);
  const { error, ttft } = report;
  return {
    schema: "server-bench/calibration/1",
    atUnixMs: Date.now(),
    streams: plan.vus,
    tokens: plan.tokens,
    paceMs: plan.paceMs,
    firstTokenMs: plan.firstTokenMs,
    requests: report.requests,
    unmatched: report.unmatched,
    stamps: report.stamps,
    stampErrorMs: { median: error.p50, p99: error.p99 },
    ttftErrorMs: { median: ttft.error.p50, p99: ttft.error.p99 },
    mergedTokensShare: report.mergedShare,
  };
}

/** As fast as it goes. @returns token events per second of whole answers; undefined where there was none */
async function runUnpaced(trial: Trial, plan: CalibrationPlan): Promise<number | undefined> {
  const { config } = trial;
  // So many iterations would switch `auto` off, whatever it was in the run.
  const itlSamples = config.load.itlSamples === "off" ? "off" : "on";
  const hurried = {
    ...trial,
    config: { ...config, load: { ...config.load, sleep: 0, itlSamples } as const },
  };
  const load = { vus: plan.vus, iterations: 10_000_000, durationSeconds: UNPACED_SECONDS };
  const journal = await runTrial(hurried, "unpaced", load, {
    tokens: UNPACED_TOKENS,
    "events-per-write": UNPACED_EVENTS_PER_WRITE,
  });
  let [events, startMs, endMs] = [0, Number.POSITIVE_INFINITY, 0];
  for await (const line of readJournal(journal)) {
    if (line.type !== "request" || !isWhole(line)) continue;
    events += line.tokenEvents;
    startMs = Math.min(startMs, line.startMs);
    endMs = Math.max(endMs, line.endMs);
  }
  return events > 0 && endMs > startMs ? (events * 1000) / (endMs - startMs) : undefined;
}

const isWhole = ({ ended }: RequestLine): boolean => ended === "marker";

/** Runs the null server and k6 against it, both to their ends. @returns the journal @throws UserError where k6 fails */
async function runTrial(
  { session, program, config, scenario, dataset, k6, scratch }: Trial,
  name: string,
  load: Pick<Config, "vus" | "iterations" | "durationSeconds">,
  flags: Record<string, string | number>,
): Promise<string> {
  const path = (suffix: string) => join(scratch, `${name}${suffix}`);
  const server = await startNullServer(session, program, flags, path("-server.log"));
  const logPath = path("-k6.log");
  // The null server knows nothing but streams.
  const requests = { mode: "stream", endpoint: "chat", maxTurns: 1 } as const;
  const asked: Config = {
    ...config,
    load: { ...config.load, ...requests },
    ...load,
    kind: "plain",
    given: [],
  };
  writeFileSync(path("-settings.json"), JSON.stringify(toK6Settings(asked)));
  const client = session.start({
    file: k6,
    args: toK6Args(asked, scenario),
    variables: toK6Variables(asked, server.url, {
      rows: dataset,
      settings: path("-settings.json"),
      journal: path("-records.jsonl"),
      summary: path("-k6-summary.json"),
    }),
    logPath,
  });
  const stop = () => client.signal("SIGINT");
  session.stop.signal.addEventListener("abort", stop, { once: true });
  const end = await client.ended;
  session.stop.signal.removeEventListener("abort", stop);
  await server.group.stop(5_000); // its log of the truth is whole only then
  const journal = path("-records.jsonl");
  // A threshold of the scenario says nothing about the client.
  const isFine = end.exitCode === EXIT.ok || end.exitCode === EXIT.threshold;
  if (session.stop.signal.aborted || (isFine && existsSync(journal))) return journal;
  throw new UserError(withLog("k6 failed against the null server: nothing was calibrated.", logPath));
}

/** "20.5ms" → as Go reads times; whole microseconds. */
function toGoTime(ms: number): string {
  return `${Math.round(ms * 1000)}us`;
}
