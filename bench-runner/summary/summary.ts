// summary.json, the result of a run. Every output reads only this; an unknown value is absent, never 0.
//
// docs/schemas/summary.schema.json is its JSON Schema; a test validates real summaries against it.

import type { Ends } from "../../lib/core/ends.ts";
import type { SloMetric } from "../../lib/core/goals/slo.ts";
import type { OptionValue } from "../../lib/core/options/option.ts";
import type { ShapeKind } from "../../lib/core/options/shapes.ts";
import type { StampSource } from "../../lib/core/request/facts.ts";
import type { Flag } from "../../lib/core/request/flags.ts";
import type { TrendKey } from "../../lib/core/request/trends.ts";
import type { Verdict } from "../../lib/core/request/verdict.ts";
import type { Unit } from "../../lib/core/units.ts";
import type { Calibration } from "../run-folder/calibration-file.ts";
import type { CacheReset, EnvironmentFile, PromptsUse } from "../run-folder/run-files.ts";
import type { ServerKind } from "../servers/metrics/server-vocabulary.ts";
import type { Histogram } from "../statistics/histogram-bins.ts";
import type { Statistics } from "../statistics/statistics.ts";

export interface Summary {
  schema: "server-bench/summary/1";
  run: RunIdentity;
  configuration: Configuration;
  /** Absent if no request was measured. */
  window?: Window;
  requests: RequestCounts;
  /** Failures by kind, most frequent first. */
  errors: ErrorExample[];
  /** Over complete requests in the phase `measure`. Times in ms, rates per second. */
  metrics: { [K in TrendKey]?: Statistics };
  /** The distribution of those requests' values; at most 20 bins each, which hold every value. */
  histograms?: { ttft?: Histogram; e2e?: Histogram };
  throughput?: Throughput;
  /** The same for the steady state, or why there is none. */
  steady: Steady | NoSteady;
  rates: Rates;
  /** Only with service level objectives. */
  goodput?: Goodput;
  tokens: TokenSums;
  /** The task of all measured requests, if they have one and the same. */
  task?: string;
  /** The measured requests by group; absent if there is only one group. */
  groups?: Groups;
  /** Only for a run against two servers at once (`--ab`): their addresses, and the paired differences. */
  ab?: { a: string; b: string; pairs: Pairs };
  /** Only for a run with conversations. */
  conversations?: Conversations;
  /** Only if the runner prepared them. */
  prompts?: Prompts;
  arrivals?: Arrivals;
  /** Only for an open loop, and if there are enough requests to judge. */
  saturation?: Saturation;
  precision: Precision;
  oddities?: Oddities;
  /** From `bench-runner calibrate`, if it was run on the folder. */
  calibration?: Calibration;
  connections: { opened: number; reused: number; retried: number };
  /** What the load itself cost on the client's machine, in the window. */
  client?: ClientUse;
  /** The client's whole machine in the window, all users of it included. */
  host?: HostUse;
  server: ServerUse;
  /** The GPUs of the client's machine. */
  gpus?: GpuUse;
  /** k6's own thresholds, including those made from requirements and abort conditions. */
  thresholds: { metric: string; rule: string; ok: boolean }[];
  /** The requirements on the measured requests (`--require`), in the order given; absent if there are none. */
  requirements?: RequirementResult[];
  reconciliation: Reconciliation;
  crossCheck: CrossCheck;
  warnings: Warning[];
  environment?: EnvironmentFile;
}

export interface RunIdentity {
  name: string;
  runnerLabel?: string;
  branch?: string;
  commit?: string;
  /** Name of the scenario, without folder and suffix. */
  scenario: string;
  /** ISO 8601, UTC. */
  start: string;
  end: string;
  /** The run did not reach its planned end, or its journal was not closed properly. */
  partial: boolean;
  partialReason?: string;
  k6ExitCode?: number;
}

export interface Configuration {
  serverUrl: string;
  serverStartedHere: boolean;
  /** The proxy that requests went through; absent where they went straight to the server. */
  proxy?: string;
  /** Only for a server that the user's own command started. */
  serverName?: string;
  /** What the user calls the model, in a file or on the command line. */
  modelName?: string;
  kind: ShapeKind;
  /** The maximum number of clients, and so of concurrent requests. */
  vus: number;
  /** Absent if only time ends the run. */
  iterations?: number;
  durationSeconds: number;
  /** Every option by its key, secrets hidden. */
  values: Record<string, OptionValue>;
  /** Only with `--repeat`: which one this is, and the seed of its prompts. */
  repeat?: { number: number; of: number; seed: number };
  /** What was done to the prompt cache of the server, or of both servers of `--ab`, before the load. */
  promptCache?: CacheReset[];
}

/** Milliseconds of the journal's epoch. */
export interface Window {
  startMs: number;
  endMs: number;
  seconds: number;
  /** The planned end of the duration, or the last end of a request if their number (or a stop) ended the run. */
  endedBy: "duration" | "requests";
}

export interface RequestCounts {
  /** In the whole run, in any phase, with those that were lost. */
  started: number;
  /**
   * Started, and without a line in the journal: k6 was killed, or lines are missing. What started after the last count of
   * them (a tenth of a second) is not among them. Absent if there are none. No figure includes them.
   */
  lost?: number;
  /** How many of those were open at that count; absent for a journal that was closed properly. */
  inFlight?: number;
  /** In the phase `measure`: all counts below and all statistics are about these. */
  measured: number;
  /** Sent before and after the measured phase; absent if all requests are measured. */
  warmup?: number;
  cooldown?: number;
  byVerdict: { [V in Verdict]?: number };
  byFlag: { [F in Flag]?: number };
}

export interface ErrorExample {
  verdict: Verdict;
  /** Kind of the error, or the HTTP status. */
  kind?: string;
  count: number;
  /** The message of the first one, at most 300 characters. */
  example?: string;
}

/** Over the window. */
export interface Throughput {
  /** Complete requests that ended in the window, per second. */
  requestsPerSecond: number;
  /**
   * Token events stamped inside the window, each weighted by its request's usage.completion_tokens / token events
   * (1 without usage), per second; of every request, whatever its verdict. The tokens of an answer that streamed nothing
   * count at its end. Absent if a whole answer without usage is among them.
   */
  outputTokensPerSecond?: number;
  /** The same, plus the prompt tokens of each request whose first token is stamped inside the window. */
  totalTokensPerSecond?: number;
}

/** The stretch of the window in which every client of the run was busy (see steady-state.ts). */
export interface Steady {
  /** Milliseconds of the journal's epoch. */
  startMs: number;
  endMs: number;
  seconds: number;
  /** Complete requests that started and ended inside it. */
  requests: number;
  /** Over those requests. */
  metrics: { [K in TrendKey]?: Statistics };
  /** Over all requests, by stamp. */
  throughput: Throughput;
}

export interface NoSteady {
  /** The reason. */
  absent: string;
}

/** Shares from 0 to 1, absent if there is nothing to divide by. */
export interface Rates {
  /** Complete requests among all except aborted and interrupted ones. */
  success?: number;
  /** Finish reason `length`, `stop`, among complete requests. */
  truncated?: number;
  stopped?: number;
}

/** Over the measured arrivals, except those that were stopped before they could miss an objective. */
export interface Goodput {
  slos: SloResult[];
  /** Complete, with every objective met. */
  met: number;
  /** Sent, and failed or too slow. */
  missed: number;
  /** Sent, and met or missed depending on when within its range the first token arrived; absent if there are none. */
  uncertain?: number;
  /** Due and never sent: these also count as missed. */
  neverSent: number;
  /** Met, as a share of all of them: with uncertain ones, the least that it can be. */
  share: number;
  /** Met per second of the window. */
  perSecond?: number;
}

export interface SloResult {
  metric: SloMetric;
  limitMs: number;
  /** The moment from which the time counts: in an open loop, when a request was due. Absent for TPOT. */
  from?: "sent" | "scheduled";
  met: number;
  missed: number;
  /** Requests that met or missed it depending on when within its range the first token arrived; absent if there are none. */
  uncertain?: number;
  /** Requests without such a value; absent if there are none. */
  unjudged?: number;
}

export interface RequirementResult {
  /** The text as the user wrote it. */
  text: string;
  /** False also where it is uncertain. */
  ok: boolean;
  /** Only one end of `range` fulfils it: nobody knows whether it holds. */
  uncertain?: true;
  /** The ends between which the value lies, where it is known only as a range. */
  range?: Ends;
  /** The run's value; absent if it has none, and then `reason` gives the cause. */
  value?: number;
  limit: number;
  unit: Unit;
  reason?: string;
}

/** Sums over complete requests. */
export interface TokenSums {
  prompt?: number;
  cached?: number;
  /** Absent if a whole answer without usage is among them: its tokens are unknown. */
  completion?: number;
  /** Requests without usage, whose completion tokens are the number of token events. */
  estimatedRequests: number;
}

export interface Groups {
  /** "a" and "b"; only for a run against two servers at once. */
  server?: Group[];
  /** By name, then "other tasks" and "without a task"; only if there are at least two groups. */
  task?: Group[];
  /** "1", "2", … of a conversation, then "51+"; only for a run with conversations. */
  turn?: Group[];
}

/** The requests that share a label. */
export interface Group {
  name: string;
  /** Measured requests. */
  requests: number;
  byVerdict: { [V in Verdict]?: number };
  rates: Rates;
  tokens: TokenSums;
  /** Over complete requests; the metrics of GROUP_METRICS, and ITL. */
  metrics: { [K in TrendKey]?: Statistics };
}

/** Conversations with at least one measured turn, with all their turns. */
export interface Conversations {
  started: number;
  /** The last turn, and so every turn, was complete. */
  completed: number;
  /** A turn was not complete, and no further one was sent. */
  failed: number;
  /** The run ended during a turn or between two. */
  interrupted: number;
  /** The client hung up on purpose during a turn; absent if there were none. */
  aborted?: number;
  turnsSent: number;
  /** Planned turns of failed conversations that were never sent. */
  turnsUnsent: number;
  /** Turns sent / started. */
  meanTurns: number;
}

export interface Prompts extends PromptsUse {
  /** More prompts (for conversations: first turns) were sent in the whole run than there are rows. */
  repeated: boolean;
}

/** Open loop: the offered and the sent arrivals; over the measured requests. */
export interface Arrivals {
  /** Due while the run lasted. */
  offered: number;
  sent: number;
  /** Never sent. */
  dropped: number;
  /** Sent late because every client was busy when they were due (`--max-concurrency`). */
  heldBack: number;
  /** Their mean delay. */
  heldBackMeanMs?: number;
  /** From the first to the last arrival; as they were due, and as they were sent. */
  offeredPerSecond?: number;
  achievedPerSecond?: number;
}

/** How far the figures can be trusted. */
/** What of the server's answers was not as it should be; absent if all was. */
export interface Oddities {
  /** Paths of texts that are not read, in answers whose usage counts more tokens than came: at most 8. */
  unread?: string[];
  /** The first count of usage that cannot be true, with its path. */
  badUsage?: string;
  /** Share of the completion tokens of complete requests that no event carried: reasoning. */
  hiddenTokensShare?: number;
}

export interface Precision {
  /** Requests by the source of their token stamps, each by its worst one. */
  stamps: { [S in StampSource]: number };
  /** Why there are no packet stamps although nobody switched them off. */
  stampsReason?: string;
  /** Packet stamps only, over the whole run: frames that the capture delivered, and those it lost. */
  packets?: { seen: number; dropped: number };
  /** Packet stamps only: reads whose segments the capture did not have; their tokens have the stamp of the read. */
  packetMisses?: number;
  /** Delay between the kernel's stamp and our read: mean over all reads; p99 and maximum of each request's largest delay. */
  stampLagMs?: { mean: number; p99: number; max: number };
  /** Sent − due: how late requests were sent (see RequestDetails.sendDelayMs). */
  sendDelayMs?: { mean: number; p99: number; max: number };
  /** Token events whose time is not known exactly: they have the stamp of a later segment. And their share. */
  mergedTokens?: number;
  mergedTokensShare?: number;
  /** Complete requests whose first token has a range of time; absent if there is none. */
  firstTokenRanges?: number;
  /** Gaps of complete requests that begin or end at such a token: ITL leaves them out. */
  uncertainGaps?: number;
  /** Completion tokens / token events over all complete requests with usage. */
  tokensPerEvent?: number;
  readsPerEvent?: number;
}

export interface ClientUse {
  k6CpuSeconds?: number;
  k6PeakMemoryBytes?: number;
  /** Mean number of busy cores, and the number of cores. */
  k6CpuCores?: number;
  logicalCores?: number;
}

export interface HostUse {
  /** Busy cores. */
  cpuCores: Spread;
  logicalCores?: number;
}

/** Mean and maximum of readings over time. */
export interface Spread {
  mean: number;
  max: number;
}

/** The server's own figures for the window: rates of its counters, mean and maximum of its gauges over the scrapes. */
export interface ServerUse {
  /** Recognised by the names of its metrics. */
  kind?: ServerKind;
  /** Processed prompt tokens, without cached ones. */
  promptTokensPerSecond?: number;
  /** llama-server and SGLang count an answer's tokens when the answer ends. */
  generatedTokensPerSecond?: number;
  /** Cached / (processed + cached); for vLLM prefix cache hits / queries, in tokens. */
  cachedPromptTokensShare?: number;
  /** Busy slots per call of the model: mean over the calls, and the largest mean between two scrapes. */
  busySlotsPerDecode?: Spread;
  requestsProcessing?: Spread;
  requestsDeferred?: Spread;
  /** Share of the KV cache in use, mean over engines. */
  cacheUsage?: Spread;
  /** Accepted / drafted tokens of speculative decoding; absent without drafted tokens. */
  speculativeAcceptance?: number;
  /** The server's process and its descendants. */
  process?: ProcessUse & {
    /** The program that listens at the port of a server that was already running on this machine. */
    name?: string;
  };
  /** From its start to its first ready answer; this and the next two only if the run started it. */
  readySeconds?: number;
  /** Resident memory of its process and its descendants, ready and before the first request. */
  memoryAfterLoadBytes?: number;
  /** Memory in use on all GPUs of this machine at the same moment, all users included. */
  gpuMemoryAfterLoadBytes?: number;
  /** What is missing (a key of this object, `metrics` or `all`), and why. */
  absent: { what: string; reason: string }[];
}

/** In the window, from nvidia-smi, once a second. */
export interface GpuUse {
  /** All GPUs of the machine, all users included, by index. */
  devices: Gpu[];
  /** The sum over all of them; absent if one does not report it. */
  energyJoules?: number;
  /** Energy / output tokens stamped inside the window; only for a server on the same machine. */
  joulesPerOutputToken?: number;
  /** The reciprocal, which equals output tokens per second per watt. */
  outputTokensPerJoule?: number;
  /** What is missing (a key of this object, `gpu N energyJoules` or `all`), and why. */
  absent: { what: string; reason: string }[];
}

/** What the GPU does not report is absent. */
export interface Gpu {
  index: number;
  name: string;
  /** Share of the time in which a kernel ran. */
  utilisation?: Spread;
  peakMemoryBytes?: number;
  memoryTotalBytes?: number;
  powerWatts?: Spread;
  /** As a share of its core, over the window. */
  temperatureCelsius?: Spread & { min: number };
  /** Power over the window: trapezoids between readings. */
  energyJoules?: number;
}

export interface ProcessUse {
  cpuSeconds?: number;
  /** Mean number of busy cores. */
  cpuCores?: number;
  peakMemoryBytes: number;
}

/** The metrics that pairs are compared by, in milliseconds. */
export const PAIRED_METRICS = ["ttft", "tpot", "e2e"] as const;
export type PairedMetric = (typeof PAIRED_METRICS)[number];

export interface Pairs {
  /** Pairs in which both requests were complete. */
  compared: number;
  /** Pairs in which one request was not complete or was never sent; they are not compared. */
  lost: number;
  differences: ({ metric: PairedMetric } & PairedDifference)[];
}

export interface PairedDifference {
  pairs: number;
  /** Means of both servers over the same pairs. */
  a: number;
  b: number;
  /** b − a, and its 95 % confidence interval; absent if there are too few pairs. */
  difference: number;
  low?: number;
  high?: number;
  /** Share of the pairs in which b was faster; ties count half. */
  shareBFaster: number;
  /** `unknown`: there is no interval. `uncertain`: times that are known only as ranges decide. */
  verdict: "a is faster" | "b is faster" | "within noise" | "uncertain" | "unknown";
}

/** For an open loop, over the measured window without its beginning, in which the server fills. */
export interface Saturation {
  /** The server did not keep up: the latencies depend on how long the run lasted. */
  saturated: boolean;
  /** Requests answered per request due, in the long run: 1 if the queue does not grow. At most 1. */
  achievedShare: number;
  /** Growth per second of the number of requests waiting or being answered. Negative if it falls. */
  queueGrowthPerSecond: number;
  /** Only if it is saturated: one clause. */
  reason?: string;
}

/** A sum of the clients against the growth of a counter of the server. */
export interface Comparison {
  client: number;
  server: number;
  /** server − client. */
  difference: number;
  /** How far the server may be ahead because of requests without usage. */
  allowed: number;
}

export interface Reconciliation {
  verdict: "exact" | "within_bounds" | "off" | "unavailable";
  /** Why it is unavailable. */
  reason?: string;
  promptTokens?: Comparison;
  completionTokens?: Comparison;
}

/** A statistic for which k6's summary and the journal differ. */
export interface Difference {
  metric: string;
  statistic: string;
  journal: number;
  k6: number;
}

export interface CrossCheck {
  verdict: "exact" | "within_bounds" | "off" | "unavailable";
  /** Why it is unavailable. */
  reason?: string;
  differences: Difference[];
}

export interface Warning {
  code: string;
  /** One sentence with the figures. */
  text: string;
  remedy: string;
}
