// From a run's files to its summary: the only way to summary.json, for a fresh run and for `report`.
import { toThresholdResults } from "../../lib/core/goals/console-summary.ts";
import { parseSlos } from "../../lib/core/goals/slo.ts";
import type { MetricKey } from "../../lib/core/request/metrics.ts";
import type { Verdict } from "../../lib/core/request/verdict.ts";
import { isLocalUrl } from "../platform/local-url.ts";
import type { ConfigFile } from "../run-folder/run-files.ts";
import type { Statistics } from "../statistics/statistics.ts";
import { toConfiguration, toIdentity } from "./identity.ts";
import { crossCheck, type JournalTotals } from "./judge/cross-check.ts";
import { findAbortReasons } from "./judge/gates.ts";
import { RESTARTED, reconcile } from "./judge/reconcile.ts";
import { judgeAll } from "./judge/requirement-figure.ts";
import { findSaturation } from "./judge/saturation.ts";
import { findSteadyState, type SteadyState } from "./judge/steady-state.ts";
import { toWarnings } from "./judge/warnings.ts";
import { readAgain, type SecondReading } from "./reading/second-reading.ts";
import type { RunInput } from "./run-input.ts";
import { toGrids, toOffered, toSpans, toWindow } from "./run-window.ts";
import type { Grids } from "./series/time-grid.ts";
import { type GpuContext, toGpuUse } from "./server/gpu-use.ts";
import { toMachineUse } from "./server/process-use.ts";
import { type ServerSpans, toServerUse, toStartUse, wasRestarted } from "./server/server-use.ts";
import type { NoSteady, Reconciliation, Steady, Summary, Window } from "./summary.ts";
import { addTotals, toHistograms, toOddities, toPrecision, toPrompts } from "./summary-parts.ts";
import { countLost, type JournalTally, tallyJournal } from "./tallies/journal-tally.ts";
import { type TrendStatistics, toTrendStatistics } from "./trend-statistics.ts";

/** What the two readings of a run's journal find: the source of its summary and its charts. */
export interface RunReading {
  journal: JournalTally;
  window: Window | undefined;
  steady: SteadyState | NoSteady;
  /** The intervals of the charts. */
  grids: Grids;
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
  const grids = toGrids(journal);
  const stretches = { window, steady: "absent" in steady ? undefined : steady, ...grids };
  return { journal, window, steady, grids, again: await readAgain(input.records, rows, stretches) };
}

/** @throws UserError for a journal that cannot be read */
export async function summarize(input: RunInput): Promise<Summary> {
  return toSummary(input, await readRun(input));
}

/** As `load/outcome.ts` says it, which does not know which threshold. */
const THRESHOLD_ENDED = "a failed threshold ended the run";

const TWO_SERVERS = "two servers were measured at once (`--ab`)";

/** @param reading the reading of the run's journal; consumed, so it serves one summary only */
export function toSummary(input: RunInput, reading: RunReading): Summary {
  const { require } = input.config.values as { require?: string[] };
  const { measured } = reading.journal;
  const trends = toTrendStatistics(reading.journal, "absent" in reading.steady ? undefined : reading.steady);
  // Shared by several columns: an array for each would wait for the garbage collector.
  const scratch = new Float64Array(measured.requests);
  const itl = measured.gaps.toStatistics();
  const oddities = toOddities(measured);
  const summary: Omit<Summary, "warnings"> = {
    schema: "server-bench/summary/1",
    run: toIdentity(input, reading.journal),
    configuration: toConfiguration(input),
    ...(reading.window && { window: reading.window }),
    requests: toRequestCounts(reading.journal),
    errors: [...measured.errors.values()].sort((a, b) => b.count - a.count),
    metrics: { ...Object.fromEntries(trends.measured), ...(itl && { itl }) },
    ...toHistograms(measured, scratch),
    ...(reading.again.throughput && { throughput: reading.again.throughput }),
    steady: toSteady(reading.steady, trends.steady, reading.again),
    rates: measured.outcomes.toRates(),
    tokens: measured.outcomes.toTokenSums(),
    ...toLoadResults(input, reading),
    precision: toPrecision(measured, reading.journal.capture, scratch),
    ...(oddities && { oddities }),
    ...(input.calibration && { calibration: input.calibration }),
    connections: measured.connections,
    ...toMachines(input, reading),
    thresholds: input.k6Summary ? toThresholdResults(input.k6Summary) : [],
    reconciliation: toReconciliation(input, reading.journal),
    crossCheck: crossCheck(toJournalTotals(reading.journal, trends), input.k6Summary),
    ...(input.environment && { environment: input.environment }),
  };
  if (require !== undefined) summary.requirements = judgeAll(require, summary);
  const [condition] = findAbortReasons(summary);
  if (condition !== undefined && summary.run.partial) {
    summary.run.partialReason = `\`--abort-on\` ended it, because of \`${condition}\``;
  } else if (summary.run.partialReason === THRESHOLD_ENDED) {
    const failed = summary.thresholds.filter(({ ok }) => !ok);
    const names = failed.map(({ metric, rule }) => `\`${metric}: ${rule}\``);
    if (names.length > 0) summary.run.partialReason = `${THRESHOLD_ENDED}: ${names.join(", ")}`;
  }
  return { ...summary, warnings: toWarnings(summary) };
}

function toRequestCounts(journal: JournalTally): Summary["requests"] {
  const { measured, others, warmup, cooldown, counted, closed } = journal;
  const lost = countLost(journal);
  return {
    started: measured.requests + others.requests + lost,
    ...(lost > 0 && { lost }),
    ...(lost > 0 && !closed && { inFlight: Math.min(counted?.inFlight ?? 0, lost) }),
    measured: measured.requests,
    ...(others.requests > 0 && { warmup, cooldown }),
    byVerdict: measured.byVerdict,
    byFlag: measured.byFlag,
  };
}

/** What depends on the kind of load: objectives, groups, pairs, conversations, prompts, arrivals. */
function toLoadResults(
  input: RunInput,
  { journal, window }: RunReading,
): Pick<Summary, "goodput" | "groups" | "ab" | "conversations" | "prompts" | "arrivals" | "saturation"> {
  const { config } = input;
  const arrivals = journal.measured.arrivals.toArrivals(
    toOffered(journal, input),
    input.k6Summary?.metrics.dropped_iterations?.values.count ?? 0,
  );
  const dropped = arrivals?.dropped ?? 0;
  const goodput = journal.goodput.toGoodput(dropped, config.kind === "open", window?.seconds);
  const saturation = window && findSaturation(journal.queue, window, dropped);
  const groups = journal.groups.toGroups();
  const pairs = journal.pairs.toPairs();
  const conversations = journal.conversations.toConversations();
  return {
    ...(goodput && { goodput }),
    ...(journal.groups.task !== undefined && { task: journal.groups.task }),
    ...(groups && { groups }),
    ...(pairs && { ab: { ...toServers(config), pairs } }),
    ...(conversations && { conversations }),
    ...(config.prompts && { prompts: toPrompts(config.prompts, journal.firstTurns) }),
    ...(arrivals && { arrivals }),
    ...(saturation && { saturation }),
  };
}

/** The servers' addresses, by the names that requests have for them. */
function toServers({ values }: ConfigFile): { a: string; b: string } {
  const [a = "", b = ""] = Array.isArray(values.ab) ? (values.ab as readonly string[]) : [];
  return { a, b };
}

/** The client's machine, the server and the GPUs in the window. */
function toMachines(
  { config, environment, samples }: RunInput,
  { journal, window, again }: RunReading,
): Pick<Summary, "client" | "host" | "server" | "gpus"> {
  const spans = window && toSpans(journal, window);
  return {
    ...toMachineUse(samples, spans?.window, environment?.cpu.logicalCores),
    server:
      config.values.ab === undefined
        ? {
            ...toServerUse(samples, spans, environment?.serverProcess),
            ...toStartUse(environment?.serverStart),
          }
        : { absent: [{ what: "all", reason: TWO_SERVERS }] },
    gpus: toGpuUse(samples?.gpus, spans && toGpuContext(config, spans, window, again)),
  };
}

function toGpuContext(
  config: ConfigFile,
  { window: span }: ServerSpans,
  window: Window | undefined,
  { throughput }: SecondReading,
): GpuContext {
  const { outputTokensPerSecond: rate } = throughput ?? {};
  const outputTokens = rate === undefined || window === undefined ? undefined : rate * window.seconds;
  // A command may start a server on another machine.
  const isOurs = config.serverStartedHere && config.serverName === undefined;
  return { window: span, outputTokens, isServerHere: isOurs || isLocalUrl(config.serverUrl) };
}

function toReconciliation({ config, samples }: RunInput, { measured, others }: JournalTally): Reconciliation {
  if (config.values.ab !== undefined) return { verdict: "unavailable", reason: TWO_SERVERS };
  if (samples !== undefined && wasRestarted(samples.scrapes)) {
    return { verdict: "unavailable", reason: RESTARTED };
  }
  const totals = addTotals(measured.client, others.client);
  return reconcile(samples?.before, samples?.after, totals, readChoices(config.values.extraBody));
}

/** How many answers to each prompt the further fields of the body ask for. */
function readChoices(extraBody: unknown): number {
  const fields = typeof extraBody === "string" ? (JSON.parse(extraBody) as unknown) : extraBody;
  const { n } = (fields ?? {}) as { n?: unknown };
  return typeof n === "number" && Number.isInteger(n) && n > 0 ? n : 1;
}

function toJournalTotals({ measured, others }: JournalTally, { wholeRun }: TrendStatistics): JournalTotals {
  const count = (verdict: Verdict) => (measured.byVerdict[verdict] ?? 0) + (others.byVerdict[verdict] ?? 0);
  const [complete, interrupted] = [count("complete"), count("interrupted")];
  return {
    trends: Object.fromEntries(wholeRun) as { [K in MetricKey]?: Statistics },
    complete,
    failed: measured.requests + others.requests - complete - interrupted - count("aborted"),
    gaps: measured.gaps.count + others.gaps.count,
    interrupted,
  };
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
