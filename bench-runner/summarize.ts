// From a run's files to its summary: the only road to summary.json, for a fresh run and for `report`.
import { type K6SummaryData, toThresholdResults } from "../lib/core/console-summary.ts";
import { SUMMARY_TRENDS } from "../lib/core/detail-table.ts";
import type { MetricKey } from "../lib/core/metric-table.ts";
import type { PhaseOptions } from "../lib/core/plans/phases.ts";
import type { Schedule } from "../lib/core/plans/schedule.ts";
import { countOffered, type Offered } from "./arrivals/arrival-tally.ts";
import type { Calibration } from "./calibration/calibration-file.ts";
import { crossCheck } from "./cross-check.ts";
import { type GpuContext, isHere, toGpuUse } from "./gpu-use.ts";
import { type JournalTally, tallyJournal } from "./journal-tally.ts";
import { toMachineUse } from "./machine-use.ts";
import { reconcile } from "./reconcile.ts";
import type { ConfigFile, EnvironmentFile, OutcomeFile } from "./run-files.ts";
import { readAgain, type SecondReading } from "./second-reading.ts";
import type { ServerSamples } from "./server-samples.ts";
import { type ServerSpans, toServerUse } from "./server-use.ts";
import { type Statistics, toStatistics } from "./statistics.ts";
import { findSteadyState, type SteadyState } from "./steady-state.ts";
import type { NoSteady, RunIdentity, Steady, Summary, Window } from "./summary.ts";
import { addTotals, toHistograms, toPrecision, toPrompts } from "./summary-parts.ts";
import type { Tally } from "./tally.ts";
import { toWarnings } from "./warnings.ts";

/** What a run left behind. */
export interface RunInput {
  /** Path of records.jsonl. */
  records: string;
  config: ConfigFile;
  outcome: OutcomeFile;
  environment?: EnvironmentFile;
  /** Of an open loop: when its requests were due. */
  schedule?: Schedule;
  /** What was sampled beside the load. */
  samples?: ServerSamples;
  k6Summary?: K6SummaryData;
  calibration?: Calibration;
}

/** Percentiles of these have a certified value beside them. */
const CERTIFIED: readonly string[] = ["ttft", "tpot", "e2e"];

/** @throws UserError for a journal that cannot be read */
export async function summarize(input: RunInput): Promise<Summary> {
  const longestAnswer = input.config.prompts?.longestAnswer ?? Number(input.config.values.maxTokens ?? 0);
  const journal = await tallyJournal(input.records, longestAnswer);
  const { measured, others } = journal;
  const window = toWindow(journal, input);
  const steady = findSteadyState(measured, window, input.config.vus);
  const again = window && (await readAgain(input.records, window, "absent" in steady ? undefined : steady));
  const spans = window && toSpans(journal, window);
  const trends = toTrends(measured, { isCertified: true, itl: measured.gaps.toStatistics() });
  const wholeRun = others.requests === 0 ? trends : toTrends(measured, { others });
  const count = (tally: Tally, verdict: keyof Tally["byVerdict"]) => tally.byVerdict[verdict] ?? 0;
  const complete = count(measured, "complete") + count(others, "complete");
  const interrupted = count(measured, "interrupted") + count(others, "interrupted");
  const aborted = count(measured, "aborted") + count(others, "aborted");
  const started = measured.requests + others.requests;
  const dropped = input.k6Summary?.metrics.dropped_iterations?.values.count ?? 0;
  const groups = journal.groups.toGroups(measured);
  const conversations = journal.conversations.toConversations();
  const arrivals = measured.arrivals.toArrivals(toOffered(journal, input), dropped);

  const summary: Omit<Summary, "warnings"> = {
    schema: "server-bench/summary/1",
    run: toIdentity(input, journal),
    configuration: {
      serverUrl: input.config.serverUrl,
      serverStartedHere: input.config.serverStartedHere,
      kind: input.config.kind,
      vus: input.config.vus,
      ...(input.config.iterations !== undefined && { iterations: input.config.iterations }),
      durationSeconds: input.config.durationSeconds,
      values: input.config.values,
    },
    ...(window && { window }),
    requests: {
      started,
      measured: measured.requests,
      ...(others.requests > 0 && { warmup: journal.warmup, cooldown: journal.cooldown }),
      byVerdict: measured.byVerdict,
      byFlag: measured.byFlag,
    },
    errors: [...measured.errors.values()].sort((a, b) => b.count - a.count),
    metrics: Object.fromEntries(trends),
    ...toHistograms(measured),
    ...(again && { throughput: again.throughput }),
    steady: toSteady(steady, measured, again),
    rates: measured.outcomes.toRates(),
    tokens: measured.outcomes.toTokenSums(),
    ...(groups && { groups }),
    ...(conversations && { conversations }),
    ...(input.config.prompts && { prompts: toPrompts(input.config.prompts, journal.firstTurns) }),
    ...(arrivals && { arrivals }),
    precision: toPrecision(measured),
    ...(input.calibration && { calibration: input.calibration }),
    connections: measured.connections,
    ...toMachineUse(input.samples, spans?.window, input.environment?.cpu.logicalCores),
    server: toServerUse(input.samples, spans),
    gpus: toGpuUse(input.samples?.gpus, spans && toGpuContext(input.config, spans, window, again)),
    thresholds: input.k6Summary ? toThresholdResults(input.k6Summary) : [],
    reconciliation: reconcile(
      input.samples?.before,
      input.samples?.after,
      addTotals(measured.client, others.client),
    ),
    crossCheck: crossCheck(
      {
        trends: Object.fromEntries(wholeRun) as { [K in MetricKey]?: Statistics },
        complete,
        failed: started - complete - interrupted - aborted,
        gaps: measured.gaps.count + others.gaps.count,
        interrupted,
      },
      input.k6Summary,
    ),
    ...(input.environment && { environment: input.environment }),
  };
  return { ...summary, warnings: toWarnings(summary) };
}

/**
 * From the first start to the planned end, or to the last end of a request where their number ends the run, or where the
 * run was over before its planned end. (In an open loop it may be: nothing was due any more.)
 */
function toWindow(journal: JournalTally, input: RunInput): Window | undefined {
  const { measured, others, epochUnixMs } = journal;
  const { config, outcome } = input;
  const startMs = measured.firstStartMs;
  const cooldownMs = Number(config.values.cooldownTime ?? 0) * 1000;
  const plannedMs = toLoadStart(journal, input) + config.durationSeconds * 1000 - cooldownMs;
  const runEndMs = epochUnixMs === undefined ? 0 : outcome.endedUnixMs - epochUnixMs;
  const isReached = plannedMs <= runEndMs || (config.kind === "open" && !outcome.partial);
  const byDuration = endsByTime(config, measured.requests + others.requests) && isReached;
  const endMs = byDuration ? plannedMs : measured.lastEndMs;
  if (!(endMs > startMs)) return undefined;
  return { startMs, endMs, seconds: (endMs - startMs) / 1000, endedBy: byDuration ? "duration" : "requests" };
}

/** When the load began, of an open loop when its schedule did, in milliseconds of the journal's epoch. */
function toLoadStart({ measured, others }: JournalTally, { schedule }: RunInput): number {
  return Math.min(measured.firstStartMs, others.firstStartMs) - (schedule?.offsetsMs[0] ?? 0);
}

/** In an open loop all arrivals are sent: there it is what was asked for that tells. */
function endsByTime({ kind, values, iterations }: ConfigFile, requests: number): boolean {
  if (kind === "open") return values.duration !== undefined || values.rateStages !== undefined;
  return iterations === undefined || requests < iterations;
}

/** What was due while the run lasted; undefined where there is no schedule. */
function toOffered(journal: JournalTally, input: RunInput): Offered | undefined {
  const { schedule, config, outcome } = input;
  if (schedule === undefined || journal.epochUnixMs === undefined) return undefined;
  const runMs = outcome.endedUnixMs - journal.epochUnixMs - toLoadStart(journal, input);
  return countOffered(schedule, config.values as PhaseOptions, runMs);
}

/** Statistics of every trend, with those of `others`, or of the rows that are kept. */
function toTrends(
  tally: Tally,
  options: { others?: Tally; isKept?: Uint8Array; isCertified?: boolean; itl?: Statistics | undefined },
): Map<string, Statistics> {
  const trends = new Map<string, Statistics>();
  // Millions of rows in dozens of columns: an array for each would wait for the garbage collector.
  const scratch = new Float64Array(tally.startMs.length + (options.others?.startMs.length ?? 0));
  for (const { key } of SUMMARY_TRENDS) {
    const other = options.others?.trends.get(key);
    const values = tally.trends.get(key)?.toArray(other, options.isKept, scratch);
    const statistics = values && toStatistics(values, options.isCertified && CERTIFIED.includes(key));
    if (statistics) trends.set(key, statistics);
  }
  if (options.itl) trends.set("itl", options.itl);
  return trends;
}

function toSteady(
  state: SteadyState | NoSteady,
  measured: Tally,
  again: SecondReading | undefined,
): Steady | NoSteady {
  if ("absent" in state) return state;
  const { startMs, endMs, seconds } = state.window;
  const { throughput, itl } = (again as Required<SecondReading>).steady;
  const trends = toTrends(measured, { isKept: state.isInside, isCertified: true, itl });
  return {
    startMs,
    endMs,
    seconds,
    requests: state.requests,
    metrics: Object.fromEntries(trends),
    throughput,
  };
}

/** Window and load on the wall clock; undefined where the journal does not say when its epoch was. */
function toSpans({ measured, others, epochUnixMs }: JournalTally, window: Window): ServerSpans | undefined {
  if (epochUnixMs === undefined) return undefined;
  return {
    window: { fromMs: epochUnixMs + window.startMs, toMs: epochUnixMs + window.endMs },
    load: {
      fromMs: epochUnixMs + Math.min(measured.firstStartMs, others.firstStartMs),
      toMs: epochUnixMs + Math.max(measured.lastEndMs, others.lastEndMs),
    },
  };
}

function toGpuContext(
  config: ConfigFile,
  { window: span }: ServerSpans,
  window: Window | undefined,
  again: SecondReading | undefined,
): GpuContext {
  const outputTokens = again && window && again.throughput.outputTokensPerSecond * window.seconds;
  return { window: span, outputTokens, isServerHere: config.serverStartedHere || isHere(config.serverUrl) };
}

function toIdentity({ config, outcome }: RunInput, { tornLine, closed }: JournalTally): RunIdentity {
  const text = (key: string) => {
    const value = config.values[key];
    return typeof value === "string" && value !== "" ? { [key]: value } : {};
  };
  const reason =
    outcome.reason ??
    (outcome.partial ? "the run did not reach its planned end" : undefined) ??
    (tornLine === undefined ? undefined : `line ${tornLine} of the journal is cut off`) ??
    (closed ? undefined : "the journal was not closed in order");
  return {
    name: config.name,
    ...text("runnerLabel"),
    ...text("branch"),
    ...text("commit"),
    scenario: config.scenario.replace(/^.*[\\/]/, "").replace(/\.\w+$/, ""),
    start: new Date(outcome.startedUnixMs).toISOString(),
    end: new Date(outcome.endedUnixMs).toISOString(),
    partial: reason !== undefined,
    ...(reason !== undefined && { partialReason: reason }),
    ...(outcome.k6ExitCode !== undefined && { k6ExitCode: outcome.k6ExitCode }),
  };
}
