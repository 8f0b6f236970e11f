// From a run's files to its summary: the only road to summary.json, for a fresh run and for `report`.
import { type K6SummaryData, toThresholdResults } from "../lib/core/console-summary.ts";
import { SUMMARY_TRENDS } from "../lib/core/detail-table.ts";
import type { MetricKey } from "../lib/core/metric-table.ts";
import { crossCheck } from "./cross-check.ts";
import { type JournalState, readJournal } from "./journal-reader.ts";
import { type Counters, reconcile } from "./reconcile.ts";
import type { ConfigFile, EnvironmentFile, OutcomeFile } from "./run-files.ts";
import { type Statistics, toStatistics } from "./statistics.ts";
import type { ClientUse, RunIdentity, Summary, Throughput, Window } from "./summary.ts";
import { addTotals, toArrivals, toPrecision, toRates, toTokenSums } from "./summary-parts.ts";
import { isMeasured, Tally } from "./tally.ts";
import { ThroughputSums } from "./throughput.ts";
import { toWarnings } from "./warnings.ts";

/** What a run left behind. */
export interface RunInput {
  /** Path of records.jsonl. */
  records: string;
  config: ConfigFile;
  outcome: OutcomeFile;
  environment?: EnvironmentFile;
  /** The server's counters before and after the load. */
  countersBefore?: Counters;
  countersAfter?: Counters;
  k6Summary?: K6SummaryData;
  client?: ClientUse;
}

interface JournalFacts {
  measured: Tally;
  /** Requests of every other phase. */
  others: Tally;
  epochUnixMs?: number;
  tornLine?: number;
  closed: boolean;
}

/** Percentiles of these have a certified value beside them. */
const CERTIFIED: readonly string[] = ["ttft", "tpot", "e2e"];

/** @throws UserError for a journal that cannot be read */
export async function summarize(input: RunInput): Promise<Summary> {
  const journal = await tallyJournal(input.records, Number(input.config.values.maxTokens ?? 0));
  const { measured, others } = journal;
  const window = toWindow(journal, input);
  const throughput = window && (await sumThroughput(input.records, window));
  const trends = new Map<string, Statistics>();
  for (const { key } of SUMMARY_TRENDS) {
    const statistics = toStatistics(columnOf(measured, key), CERTIFIED.includes(key));
    if (statistics) trends.set(key, statistics);
  }
  const itl = measured.gaps.toStatistics();
  if (itl) trends.set("itl", itl);
  const wholeRun = others.requests === 0 ? trends : wholeRunTrends(measured, others);
  const count = (tally: Tally, verdict: keyof Tally["byVerdict"]) => tally.byVerdict[verdict] ?? 0;
  const complete = count(measured, "complete") + count(others, "complete");
  const interrupted = count(measured, "interrupted") + count(others, "interrupted");
  const aborted = count(measured, "aborted") + count(others, "aborted");
  const started = measured.requests + others.requests;
  const arrivals = toArrivals(measured, window, input.k6Summary);

  const summary: Omit<Summary, "warnings"> = {
    schema: "server-bench/summary/1",
    run: toIdentity(input, journal),
    configuration: {
      serverUrl: input.config.serverUrl,
      serverStartedHere: input.config.serverStartedHere,
      vus: input.config.vus,
      iterations: input.config.iterations,
      durationSeconds: input.config.durationSeconds,
      values: input.config.values,
    },
    ...(window && { window }),
    requests: {
      started,
      measured: measured.requests,
      byVerdict: measured.byVerdict,
      byFlag: measured.byFlag,
    },
    errors: [...measured.errors.values()].sort((a, b) => b.count - a.count),
    metrics: Object.fromEntries(trends),
    ...(throughput && { throughput }),
    rates: toRates(measured),
    tokens: toTokenSums(measured),
    ...(arrivals && { arrivals }),
    precision: toPrecision(measured),
    connections: measured.connections,
    ...(input.client && { client: input.client }),
    thresholds: input.k6Summary ? toThresholdResults(input.k6Summary) : [],
    reconciliation: reconcile(
      input.countersBefore,
      input.countersAfter,
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

async function tallyJournal(path: string, maxTokens: number): Promise<JournalFacts> {
  const state: JournalState = {};
  const journal: JournalFacts = {
    measured: new Tally(maxTokens),
    others: new Tally(maxTokens),
    closed: false,
  };
  for await (const line of readJournal(path, state)) {
    if (line.type === "request") (isMeasured(line) ? journal.measured : journal.others).add(line);
    else if (line.type === "header") journal.epochUnixMs = line.epochUnixMs;
    else if (line.type === "end") journal.closed = true;
  }
  return { ...journal, ...state };
}

/** A second reading: which tokens lie in the window is only known once its ends are. */
async function sumThroughput(path: string, window: Window): Promise<Throughput> {
  const sums = new ThroughputSums(window);
  for await (const line of readJournal(path)) if (line.type === "request") sums.add(line);
  return sums.toThroughput();
}

/**
 * From the first start to the planned end, or to the last end of a request where all of them were sent, or where the
 * run was over before its planned end.
 */
function toWindow(
  { measured, epochUnixMs }: JournalFacts,
  { config, outcome }: RunInput,
): Window | undefined {
  const startMs = measured.firstStartMs;
  const plannedMs = startMs + config.durationSeconds * 1000;
  const runEndMs = epochUnixMs === undefined ? 0 : outcome.endedUnixMs - epochUnixMs;
  const byDuration = measured.requests < config.iterations && plannedMs <= runEndMs;
  const endMs = byDuration ? plannedMs : measured.lastEndMs;
  if (!(endMs > startMs)) return undefined;
  return { startMs, endMs, seconds: (endMs - startMs) / 1000, endedBy: byDuration ? "duration" : "requests" };
}

function columnOf(tally: Tally, key: (typeof SUMMARY_TRENDS)[number]["key"], other?: Tally): Float64Array {
  const column = tally.trends.get(key);
  const more = other?.trends.get(key);
  return column ? column.toArray(...(more ? [more] : [])) : new Float64Array();
}

function wholeRunTrends(measured: Tally, others: Tally): Map<string, Statistics> {
  const trends = new Map<string, Statistics>();
  for (const { key } of SUMMARY_TRENDS) {
    const statistics = toStatistics(columnOf(measured, key, others));
    if (statistics) trends.set(key, statistics);
  }
  return trends;
}

function toIdentity({ config, outcome }: RunInput, { tornLine, closed }: JournalFacts): RunIdentity {
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
