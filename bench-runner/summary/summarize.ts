// From a run's files to its summary: the only way to summary.json, for a fresh run and for `report`.
import { type K6SummaryData, toThresholdResults } from "../../lib/core/goals/console-summary.ts";
import { parseSlos } from "../../lib/core/goals/slo.ts";
import type { PhaseOptions } from "../../lib/core/plans/phases.ts";
import type { Schedule } from "../../lib/core/plans/schedule.ts";
import type { MetricKey } from "../../lib/core/request/metrics.ts";
import { isLocalUrl } from "../platform/local-url.ts";
import type { Calibration } from "../run-folder/calibration-file.ts";
import {
  type ConfigFile,
  type EnvironmentFile,
  type OutcomeFile,
  toScenarioName,
} from "../run-folder/run-files.ts";
import type { Statistics } from "../statistics/statistics.ts";
import { crossCheck } from "./judge/cross-check.ts";
import { findAbortReasons } from "./judge/gates.ts";
import { RESTARTED, reconcile } from "./judge/reconcile.ts";
import { judgeAll } from "./judge/requirement-figure.ts";
import { findSaturation } from "./judge/saturation.ts";
import { findSteadyState, type SteadyState } from "./judge/steady-state.ts";
import { toWarnings } from "./judge/warnings.ts";
import { readAgain, type SecondReading } from "./reading/second-reading.ts";
import { type TimeGrid, toTimeGrid } from "./series/time-grid.ts";
import { type GpuContext, toGpuUse } from "./server/gpu-use.ts";
import { toMachineUse } from "./server/machine-use.ts";
import type { ServerSamples } from "./server/server-samples.ts";
import { type ServerSpans, toServerUse, wasRestarted } from "./server/server-use.ts";
import { toStartUse } from "./server/start-use.ts";
import type { NoSteady, RunIdentity, Steady, Summary, Window } from "./summary.ts";
import { addTotals, toHistograms, toPrecision, toPrompts } from "./summary-parts.ts";
import { countOffered, type Offered } from "./tallies/arrival-tally.ts";
import { type JournalTally, tallyJournal } from "./tallies/journal-tally.ts";
import type { Tally } from "./tallies/tally.ts";
import { toTrendStatistics } from "./trend-statistics.ts";

/** The files of a run, read. */
export interface RunInput {
  /** Path of records.jsonl. */
  records: string;
  config: ConfigFile;
  outcome: OutcomeFile;
  environment?: EnvironmentFile;
  /** Open loop only: when requests were due. */
  schedule?: Schedule;
  /** What was sampled during the load. */
  samples?: ServerSamples;
  k6Summary?: K6SummaryData;
  calibration?: Calibration;
}

/** What the two readings of a run's journal find: the source of its summary and its charts. */
export interface RunReading {
  journal: JournalTally;
  window: Window | undefined;
  steady: SteadyState | NoSteady;
  /** The intervals of the charts. */
  grid: TimeGrid;
  again: SecondReading;
}

/** @throws UserError for a journal that cannot be read */
export async function readRun(input: RunInput): Promise<RunReading> {
  const longestAnswer = input.config.prompts?.longestAnswer ?? Number(input.config.values.maxTokens ?? 0);
  const { slo = [] } = input.config.values as { slo?: string[] };
  // The rows are not kept: they take 72 MB for a million requests.
  const { rows, ...journal } = await tallyJournal(input.records, longestAnswer, parseSlos(slo, "`--slo`"));
  const window = toWindow(journal, input);
  const steady = findSteadyState(journal.measured, window, input.config.vus);
  const grid = toGrid(journal);
  const stretches = { window, steady: "absent" in steady ? undefined : steady, grid };
  return { journal, window, steady, grid, again: await readAgain(input.records, rows, stretches) };
}

/** @throws UserError for a journal that cannot be read */
export async function summarize(input: RunInput): Promise<Summary> {
  return toSummary(input, await readRun(input));
}

const TWO_SERVERS = "two servers were measured at once (`--ab`)";

/** The servers' addresses, by the names that requests have for them. */
function toServers({ values }: ConfigFile): { a: string; b: string } {
  const [a = "", b = ""] = Array.isArray(values.ab) ? (values.ab as readonly string[]) : [];
  return { a, b };
}

/** @param reading the reading of the run's journal; consumed, so it serves one summary only */
export function toSummary(input: RunInput, { journal, window, steady, again }: RunReading): Summary {
  const { require } = input.config.values as { require?: string[] };
  const { measured, others } = journal;
  const spans = window && toSpans(journal, window);
  const trends = toTrendStatistics(journal, "absent" in steady ? undefined : steady);
  // Shared by several columns: an array for each would wait for the garbage collector.
  const scratch = new Float64Array(measured.requests);
  const itl = measured.gaps.toStatistics();
  const count = (tally: Tally, verdict: keyof Tally["byVerdict"]) => tally.byVerdict[verdict] ?? 0;
  const complete = count(measured, "complete") + count(others, "complete");
  const interrupted = count(measured, "interrupted") + count(others, "interrupted");
  const aborted = count(measured, "aborted") + count(others, "aborted");
  const started = measured.requests + others.requests;
  const dropped = input.k6Summary?.metrics.dropped_iterations?.values.count ?? 0;
  const groups = journal.groups.toGroups();
  const pairs = journal.pairs.toPairs();
  const isPair = input.config.values.ab !== undefined;
  const isRestarted = input.samples !== undefined && wasRestarted(input.samples.scrapes);
  const noComparison = isPair ? TWO_SERVERS : isRestarted ? RESTARTED : undefined;
  const conversations = journal.conversations.toConversations();
  const arrivals = measured.arrivals.toArrivals(toOffered(journal, input), dropped);

  const saturation = window && findSaturation(journal.queue, window, arrivals?.dropped ?? 0);
  const goodput = journal.goodput.toGoodput(
    arrivals?.dropped ?? 0,
    input.config.kind === "open",
    window?.seconds,
  );

  const summary: Omit<Summary, "warnings"> = {
    schema: "server-bench/summary/1",
    run: toIdentity(input, journal),
    configuration: {
      serverUrl: input.config.serverUrl,
      serverStartedHere: input.config.serverStartedHere,
      ...(input.config.serverName !== undefined && { serverName: input.config.serverName }),
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
    metrics: { ...Object.fromEntries(trends.measured), ...(itl && { itl }) },
    ...toHistograms(measured, scratch),
    ...(again.throughput && { throughput: again.throughput }),
    steady: toSteady(steady, trends.steady, again),
    rates: measured.outcomes.toRates(),
    ...(goodput && { goodput }),
    tokens: measured.outcomes.toTokenSums(),
    ...(groups && { groups }),
    ...(pairs && { ab: { ...toServers(input.config), pairs } }),
    ...(conversations && { conversations }),
    ...(input.config.prompts && { prompts: toPrompts(input.config.prompts, journal.firstTurns) }),
    ...(arrivals && { arrivals }),
    ...(saturation && { saturation }),
    precision: toPrecision(measured, scratch),
    ...(input.calibration && { calibration: input.calibration }),
    connections: measured.connections,
    ...toMachineUse(input.samples, spans?.window, input.environment?.cpu.logicalCores),
    server: isPair
      ? { absent: [{ what: "all", reason: TWO_SERVERS }] }
      : { ...toServerUse(input.samples, spans), ...toStartUse(input.environment?.serverStart) },
    gpus: toGpuUse(input.samples?.gpus, spans && toGpuContext(input.config, spans, window, again)),
    thresholds: input.k6Summary ? toThresholdResults(input.k6Summary) : [],
    reconciliation: noComparison
      ? { verdict: "unavailable", reason: noComparison }
      : reconcile(input.samples?.before, input.samples?.after, addTotals(measured.client, others.client)),
    crossCheck: crossCheck(
      {
        trends: Object.fromEntries(trends.wholeRun) as { [K in MetricKey]?: Statistics },
        complete,
        failed: started - complete - interrupted - aborted,
        gaps: measured.gaps.count + others.gaps.count,
        interrupted,
      },
      input.k6Summary,
    ),
    ...(input.environment && { environment: input.environment }),
  };
  if (require !== undefined) summary.requirements = judgeAll(require, summary);
  const [condition] = findAbortReasons(summary);
  if (condition !== undefined && summary.run.partial) {
    summary.run.partialReason = `\`--abort-on\` ended it, because of \`${condition}\``;
  }
  return { ...summary, warnings: toWarnings(summary) };
}

/**
 * From the first start to the planned end; to the last end of a request if their number ends the run, or if the run was
 * over before its planned end. (An open loop may end early: no further request was due.)
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

function toGrid({ measured, others }: JournalTally): TimeGrid {
  const requests = measured.requests + others.requests;
  const fromMs = Math.min(measured.firstStartMs, others.firstStartMs);
  const toMs = Math.max(measured.lastEndMs, others.lastEndMs);
  return toTimeGrid(requests === 0 ? undefined : { fromMs, toMs }, requests);
}

/** When the load began, in an open loop its schedule, in milliseconds of the journal's epoch. */
function toLoadStart({ measured, others }: JournalTally, { schedule }: RunInput): number {
  return Math.min(measured.firstStartMs, others.firstStartMs) - (schedule?.offsetsMs[0] ?? 0);
}

/** In an open loop all arrivals are sent, so the options decide. */
function endsByTime({ kind, values, iterations }: ConfigFile, requests: number): boolean {
  if (kind === "open") return values.duration !== undefined || values.rateStages !== undefined;
  return iterations === undefined || requests < iterations;
}

/** The arrivals that were due while the run lasted; undefined without a schedule. */
function toOffered(journal: JournalTally, input: RunInput): Offered | undefined {
  const { schedule, config, outcome } = input;
  if (schedule === undefined || journal.epochUnixMs === undefined) return undefined;
  const runMs = outcome.endedUnixMs - journal.epochUnixMs - toLoadStart(journal, input);
  return countOffered(schedule, config.values as PhaseOptions, runMs);
}

function toSteady(
  state: SteadyState | NoSteady,
  trends: ReadonlyMap<string, Statistics>,
  again: SecondReading,
): Steady | NoSteady {
  if ("absent" in state) return state;
  const { startMs, endMs, seconds } = state.window;
  const { throughput, itl } = (again as Required<SecondReading>).steady;
  return {
    startMs,
    endMs,
    seconds,
    requests: state.requests,
    metrics: { ...Object.fromEntries(trends), ...(itl && { itl }) },
    throughput,
  };
}

/** Window and load on the wall clock; undefined if the journal does not record its epoch. */
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
  { throughput }: SecondReading,
): GpuContext {
  const outputTokens = throughput && window && throughput.outputTokensPerSecond * window.seconds;
  // A command may start a server on another machine.
  const isOurs = config.serverStartedHere && config.serverName === undefined;
  return { window: span, outputTokens, isServerHere: isOurs || isLocalUrl(config.serverUrl) };
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
    (closed ? undefined : "the journal was not closed properly");
  return {
    name: config.name,
    ...text("runnerLabel"),
    ...text("branch"),
    ...text("commit"),
    scenario: toScenarioName(config.scenario),
    start: new Date(outcome.startedUnixMs).toISOString(),
    end: new Date(outcome.endedUnixMs).toISOString(),
    partial: reason !== undefined,
    ...(reason !== undefined && { partialReason: reason }),
    ...(outcome.k6ExitCode !== undefined && { k6ExitCode: outcome.k6ExitCode }),
  };
}
