// The two runs of a calibration against the null server: at the run's own pace, and as fast as the client can.
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LoadOptions } from "../../../lib/core/options/options.ts";
import type { RequestLine } from "../../../lib/core/request/facts.ts";
import type { LoadPlan } from "../../config/load-plan.ts";
import { toPriorityStart } from "../../load/client-priority.ts";
import { awaitK6 } from "../../load/end-k6.ts";
import { toK6Args, toK6Settings, toK6Variables } from "../../load/k6-args.ts";
import { toK6Environment } from "../../load/k6-environment.ts";
import { EXIT } from "../../platform/exit-codes.ts";
import type { Session } from "../../platform/session.ts";
import { UserError } from "../../platform/user-error.ts";
import type { Calibration } from "../../run-folder/calibration-file.ts";
import { readJournal } from "../../run-folder/journal-reader.ts";
import type { ClientPriority } from "../../run-folder/run-files.ts";
import { withLog } from "../../servers/start/llama-server.ts";
import { occupyCores, toCoresBeside } from "./busy-cores.ts";
import type { CalibrationPlan } from "./calibration-plan.ts";
import type { KnownLoad } from "./known-load.ts";
import { startNullServer } from "./null-server.ts";
import { compareWithTruth } from "./truth.ts";

/** For the second run, which finds the client's limit. */
const UNPACED_SECONDS = 3;
const UNPACED_ITERATIONS = 10_000_000;
const UNPACED_TOKENS = 1000;
const UNPACED_EVENTS_PER_WRITE = 8;

export interface Trial {
  known: KnownLoad;
  session: Session;
  /** The null server. */
  program: string;
  dataset: string;
  k6: string;
  /** Priority and session of k6; the null server has the session that the run's server had. */
  clientPriority: ClientPriority;
  /** A folder for files that are not kept. */
  scratch: string;
}

/** Whether the server of such a run had another session than the runner. */
export function isServersSessionOwn({ session }: ClientPriority): boolean {
  return session === "runner's";
}

/** Runs at the given pace, beside as many busy cores as in the run, and compares the time of each token with the time at which the server sent it. */
export async function runPaced(trial: Trial, plan: CalibrationPlan): Promise<Calibration> {
  const { known, session, clientPriority, scratch } = trial;
  const wanted = known.summary === undefined ? undefined : toCoresBeside(known.summary);
  const place = { ownSession: isServersSessionOwn(clientPriority), logPath: join(scratch, "busy.log") };
  const busy = wanted === undefined ? undefined : await occupyCores(session, wanted, place);
  try {
    return { ...(await runPacedBeside(trial, plan)), ...(busy?.cores && { busyCores: busy.cores }) };
  } finally {
    await busy?.stop();
  }
}

async function runPacedBeside(trial: Trial, plan: CalibrationPlan): Promise<Calibration> {
  const log = join(trial.scratch, "truth.jsonl");
  const journal = await runTrial(
    trial,
    "paced",
    plan,
    {},
    {
      tokens: plan.tokens,
      pace: toGoTime(plan.paceMs),
      "first-token": toGoTime(plan.firstTokenMs),
      // Streams in step would make the server send all tokens at one moment, and so late.
      spread: toGoTime(plan.paceMs),
      log,
    },
  );
  const report = await compareWithTruth(journal, log, false);
  const { error, ttft } = report;
  return {
    schema: "server-bench/calibration/1",
    atUnixMs: Date.now(),
    streams: plan.clients,
    tokens: plan.tokens,
    paceMs: plan.paceMs,
    firstTokenMs: plan.firstTokenMs,
    requests: report.requests,
    unmatched: report.unmatched,
    stamps: report.stamps,
    stampErrorMs: { median: error.p50, p99: error.p99 },
    ttftErrorMs: { median: ttft.error.p50, p99: ttft.error.p99 },
    mergedTokensShare: report.mergedShare,
    clientPriority: trial.clientPriority,
  };
}

/** Runs without a pace. @returns token events per second in complete answers; undefined if there was none */
export async function runUnpaced(trial: Trial, plan: CalibrationPlan): Promise<number | undefined> {
  // This number of iterations would switch `auto` off, whatever it was in the run.
  const itlSamples = trial.known.config.load.itlSamples === "off" ? "off" : "on";
  const load = { clients: plan.clients, iterations: UNPACED_ITERATIONS, seconds: UNPACED_SECONDS };
  const journal = await runTrial(
    trial,
    "unpaced",
    load,
    { sleep: 0, itlSamples },
    {
      tokens: UNPACED_TOKENS,
      "events-per-write": UNPACED_EVENTS_PER_WRITE,
    },
  );
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

/**
 * Runs the null server and k6 against it, both to their ends.
 * @param options load options instead of the known ones
 * @param flags the null server's
 * @returns the journal's path
 * @throws UserError where k6 fails
 */
async function runTrial(
  { known: { config, scenario }, session, program, dataset, k6, clientPriority, scratch }: Trial,
  name: string,
  { clients, iterations, seconds }: Pick<LoadPlan, "clients" | "iterations" | "seconds">,
  options: Partial<LoadOptions>,
  flags: Record<string, string | number>,
): Promise<string> {
  const path = (suffix: string) => join(scratch, `${name}${suffix}`);
  const ofServer = { logPath: path("-server.log"), ownSession: isServersSessionOwn(clientPriority) };
  const server = await startNullServer(session, program, flags, ofServer);
  const start = toPriorityStart(clientPriority);
  const [logPath, journal] = [path("-k6.log"), path("-records.jsonl")];
  const load: LoadPlan = {
    kind: "plain",
    clients,
    iterations,
    seconds,
    shape: {},
    // The null server only streams chat completions.
    options: { ...config.load, ...options, mode: "stream", endpoint: "chat", maxTurns: 1 },
  };
  const settings = path("-settings.json");
  writeFileSync(settings, JSON.stringify(toK6Settings(config, load)));
  const client = session.start({
    file: k6,
    args: toK6Args(config, load, scenario),
    variables: toK6Environment(
      {
        ...toK6Variables(config, load, server.url, {
          rows: dataset,
          settings,
          journal,
          summary: path("-k6-summary.json"),
        }),
        ...start.variables,
      },
      process.env,
    ),
    ownSession: start.ownSession,
    logPath,
  });
  const end = await awaitK6(client, session.stop);
  await server.group.stop(5_000); // only then its log is complete
  // A threshold of the scenario says nothing about the client.
  const isFine = end.exitCode === EXIT.ok || end.exitCode === EXIT.threshold;
  if (session.stop.signal.aborted || (isFine && existsSync(journal))) return journal;
  throw new UserError(withLog("k6 failed against the null server: nothing was calibrated.", logPath));
}

/** "20.5ms" → as Go reads times; whole microseconds. */
function toGoTime(ms: number): string {
  return `${Math.round(ms * 1000)}us`;
}
