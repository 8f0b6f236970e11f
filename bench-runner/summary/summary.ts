// summary.json: THE result of a run. Every output reads only this; what is not known is absent, never 0.
//
// The JSON Schema in docs/schemas/summary.schema.json says the same; a test validates real summaries against it.

import type { SloMetric } from "../../lib/core/goals/slo.ts";
import type { OptionValue } from "../../lib/core/options/option.ts";
import type { ShapeKind } from "../../lib/core/options/shapes.ts";
import type { Flag } from "../../lib/core/request/flags.ts";
import type { TrendKey } from "../../lib/core/request/trends.ts";
import type { Verdict } from "../../lib/core/request/verdict.ts";
import type { Unit } from "../../lib/core/units.ts";
import type { Calibration } from "../run-folder/calibration-file.ts";
import type { EnvironmentFile, PromptsUse } from "../run-folder/run-files.ts";
import type { ServerKind } from "../servers/metrics/server-vocabulary.ts";
import type { Histogram } from "../statistics/histogram-bins.ts";
import type { Statistics } from "../statistics/statistics.ts";

export interface Summary {
  schema: "server-bench/summary/1";
  run: RunIdentity;
  configuration: Configuration;
  /** Absent where no request was measured. */
  window?: Window;
  requests: RequestCounts;
  /** What failed, most frequent first. */
  errors: ErrorExample[];
  /** Of complete requests in the phase `measure`. Times in ms, rates per second. */
  metrics: { [K in TrendKey]?: Statistics };
  /** How those requests' values are spread; at most 20 bins each, which hold every value. */
  histograms?: { ttft?: Histogram; e2e?: Histogram };
  throughput?: Throughput;
  /** The same of the steady state, or why there is none. */
  steady: Steady | NoSteady;
  rates: Rates;
  /** Only with service level objectives. */
  goodput?: Goodput;
  tokens: TokenSums;
  /** The measured requests apart; absent where there is nothing to tell apart. */
  groups?: Groups;
  /** Only of a run of two servers at once (`--ab`): their addresses, and the paired differences. */
  ab?: { a: string; b: string; pairs: Pairs };
  /** Only of a run with conversations. */
  conversations?: Conversations;
  /** As far as the runner prepared them. */
  prompts?: Prompts;
  arrivals?: Arrivals;
  /** Only of an open loop, and where there is enough to judge by. */
  saturation?: Saturation;
  precision: Precision;
  /** Of `bench-runner calibrate`, where it was run on the folder. */
  calibration?: Calibration;
  connections: { opened: number; reused: number; retried: number };
  /** What the load itself cost on the client's machine, in the window. */
  client?: ClientUse;
  /** The client's machine in the window, whoever used it. */
  host?: HostUse;
  server: ServerUse;
  /** The GPUs of the machine that the load came from. */
  gpus?: GpuUse;
  /** k6's own, with those that it got for requirements and for what ends a run early. */
  thresholds: { metric: string; rule: string; ok: boolean }[];
  /** What was to hold of the measured requests (`--require`), in the order given; absent where nothing was. */
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
  /** The run did not reach its planned end, or its journal was not closed in order. */
  partial: boolean;
  partialReason?: string;
  k6ExitCode?: number;
}

export interface Configuration {
  serverUrl: string;
  serverStartedHere: boolean;
  /** Of a server that a command of the user's started. */
  serverName?: string;
  kind: ShapeKind;
  /** The most clients, and so requests, at a time. */
  vus: number;
  /** Absent where time alone ends the run. */
  iterations?: number;
  durationSeconds: number;
  /** Every option by its key, secrets hidden. */
  values: Record<string, OptionValue>;
}

/** Milliseconds of the journal's epoch. */
export interface Window {
  startMs: number;
  endMs: number;
  seconds: number;
  /** The planned end of the duration, or the last end of a request where their number (or a stop) ended the run. */
  endedBy: "duration" | "requests";
}

export interface RequestCounts {
  /** In the whole run, whatever their phase. */
  started: number;
  /** In the phase `measure`: what all counts below and all statistics are about. */
  measured: number;
  /** Sent before and after what is measured; absent where all is measured. */
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
  /** The first one's message, at most 300 characters. */
  example?: string;
}

/** Over the window. */
export interface Throughput {
  /** Complete requests that ended in the window, per second. */
  requestsPerSecond: number;
  /**
   * Token events stamped inside the window, each weighted by its request's usage.completion_tokens / token events
   * (1 without usage), per second; of every request, whatever became of it.
   */
  outputTokensPerSecond: number;
  /** The same, with the prompt tokens of each request whose first token is stamped inside the window. */
  totalTokensPerSecond?: number;
}

/** The stretch of the window in which every client of the run was at work (see steady-state.ts). */
export interface Steady {
  /** Milliseconds of the journal's epoch. */
  startMs: number;
  endMs: number;
  seconds: number;
  /** Complete requests that started and ended inside it. */
  requests: number;
  /** Of those requests. */
  metrics: { [K in TrendKey]?: Statistics };
  /** Of all requests, by stamp. */
  throughput: Throughput;
}

export interface NoSteady {
  /** The reason. */
  absent: string;
}

/** Shares from 0 to 1, absent where there is nothing to divide by. */
export interface Rates {
  /** Complete among all but aborted and interrupted. */
  success?: number;
  /** Finish reason `length`, `stop`, among complete. */
  truncated?: number;
  stopped?: number;
}

/** Of the measured arrivals, but for those that were stopped before they could miss an objective. */
export interface Goodput {
  slos: SloResult[];
  /** Complete, with every objective met. */
  met: number;
  /** Sent, and failed or too slow. */
  missed: number;
  /** Due and never sent: missed, too. */
  neverSent: number;
  /** Met among all three. */
  share: number;
  /** Met per second of the window. */
  perSecond?: number;
}

export interface SloResult {
  metric: SloMetric;
  limitMs: number;
  /** From when the time counts: in an open loop from the moment a request was due. Absent of TPOT. */
  from?: "sent" | "scheduled";
  met: number;
  missed: number;
  /** Without such a value; absent where there are none. */
  unjudged?: number;
}

export interface RequirementResult {
  /** As it was written. */
  text: string;
  ok: boolean;
  /** What the run has come to; absent where it has no such number, and then `reason` says why. */
  value?: number;
  limit: number;
  unit: Unit;
  reason?: string;
}

/** Of complete requests. */
export interface TokenSums {
  prompt?: number;
  cached?: number;
  completion?: number;
  /** Requests without usage, whose completion tokens are the number of token events. */
  estimatedRequests: number;
}

export interface Groups {
  /** "a" and "b"; only of a run of two servers at once. */
  server?: Group[];
  /** By name, then "other tasks" and "without a task"; only where there are two groups at least. */
  task?: Group[];
  /** "1", "2", … of a conversation, then "51+"; only of a run with conversations. */
  turn?: Group[];
}

/** The requests that share a label. */
export interface Group {
  name: string;
  /** Measured ones. */
  requests: number;
  byVerdict: { [V in Verdict]?: number };
  rates: Rates;
  tokens: TokenSums;
  /** Of complete requests; the metrics of GROUP_METRICS, and ITL. */
  metrics: { [K in TrendKey]?: Statistics };
}

/** Those of which at least one turn was measured, with all their turns. */
export interface Conversations {
  started: number;
  /** Their last turn, and so every turn, was complete. */
  completed: number;
  /** A turn was not complete, and no further one was sent. */
  failed: number;
  /** The end of the run came in a turn or between two. */
  interrupted: number;
  /** The client hung up on purpose in a turn; absent where none did. */
  aborted?: number;
  turnsSent: number;
  /** Planned turns of failed conversations that were never sent. */
  turnsUnsent: number;
  /** Turns sent / started. */
  meanTurns: number;
}

export interface Prompts extends PromptsUse {
  /** More prompts were sent in the whole run (of conversations: first turns) than there are rows. */
  repeated: boolean;
}

/** Open loop: what was asked for and what was sent; of the measured requests. */
export interface Arrivals {
  /** Due while the run lasted. */
  offered: number;
  sent: number;
  /** Never sent. */
  dropped: number;
  /** Sent late, because every client was at work when they were due (`--max-concurrency`). */
  heldBack: number;
  /** How late on average. */
  heldBackMeanMs?: number;
  /** From the first to the last arrival; as they were due, and as they left. */
  offeredPerSecond?: number;
  achievedPerSecond?: number;
}

/** How far the figures can be trusted. */
export interface Precision {
  /** Requests by what stamped their tokens. */
  stamps: { kernel: number; user: number };
  /** Delay between the kernel's stamp and our read: mean over all reads; p99 and maximum of the requests' largest. */
  stampLagMs?: { mean: number; p99: number; max: number };
  /** Sent − due: how late requests left (see RequestDetails.sendDelayMs). */
  sendDelayMs?: { mean: number; p99: number; max: number };
  /** Share of token events that share a read with a later one. */
  mergedTokensShare?: number;
  /** Completion tokens / token events over all complete requests with usage. */
  tokensPerEvent?: number;
  readsPerEvent?: number;
}

export interface ClientUse {
  k6CpuSeconds?: number;
  k6PeakMemoryBytes?: number;
  /** Mean of busy cores, and how many there are. */
  k6CpuCores?: number;
  logicalCores?: number;
}

export interface HostUse {
  /** Busy cores. */
  cpuCores: Spread;
  logicalCores?: number;
}

/** Of readings over time. */
export interface Spread {
  mean: number;
  max: number;
}

/** What the server itself says of the window: rates of its counters, mean and maximum of its gauges over the scrapes. */
export interface ServerUse {
  /** By the names of its metrics. */
  kind?: ServerKind;
  /** Prompt tokens worked through, cached ones not among them. */
  promptTokensPerSecond?: number;
  /** llama-server and SGLang count an answer's tokens when the answer ends. */
  generatedTokensPerSecond?: number;
  /** Cached / (worked through + cached); of vLLM prefix cache hits / queries, in tokens. */
  cachedPromptTokensShare?: number;
  /** Slots that a call of the model worked for: mean over the calls, and the largest mean between two scrapes. */
  busySlotsPerDecode?: Spread;
  requestsProcessing?: Spread;
  requestsDeferred?: Spread;
  /** Share of the KV cache in use, the mean over engines. */
  cacheUsage?: Spread;
  /** Accepted / drafted tokens of speculative decoding, where there were any. */
  speculativeAcceptance?: number;
  /** The server's process with those below it. */
  process?: ProcessUse;
  /** From its start to its first answer that said ready; this and the next two only where the run started it. */
  readySeconds?: number;
  /** Resident memory of its process with those below it, ready and before the first request. */
  memoryAfterLoadBytes?: number;
  /** Memory in use of all GPUs of this machine at the same moment, whoever used it. */
  gpuMemoryAfterLoadBytes?: number;
  /** What is missing (a key of this object, `metrics` or `all`), and why. */
  absent: { what: string; reason: string }[];
}

/** In the window, by nvidia-smi, once a second. */
export interface GpuUse {
  /** All GPUs of the machine, whoever used them, by index. */
  devices: Gpu[];
  /** Of all of them; absent where one does not tell it. */
  energyJoules?: number;
  /** Energy / output tokens stamped inside the window; only of a server on the same machine. */
  joulesPerOutputToken?: number;
  /** The reciprocal, and so output tokens per second per watt as well. */
  outputTokensPerJoule?: number;
  /** What is missing (a key of this object, `gpu N energyJoules` or `all`), and why. */
  absent: { what: string; reason: string }[];
}

/** What it does not tell is absent. */
export interface Gpu {
  index: number;
  name: string;
  /** Share of the time in which a kernel ran. */
  utilisation?: Spread;
  peakMemoryBytes?: number;
  memoryTotalBytes?: number;
  powerWatts?: Spread;
  /** Power over the window: trapezoids between readings. */
  energyJoules?: number;
}

export interface ProcessUse {
  cpuSeconds?: number;
  /** Mean of busy cores. */
  cpuCores?: number;
  peakMemoryBytes: number;
}

/** What pairs are compared by, in milliseconds. */
export const PAIRED_METRICS = ["ttft", "tpot", "e2e"] as const;
export type PairedMetric = (typeof PAIRED_METRICS)[number];

export interface Pairs {
  /** Both requests were complete. */
  compared: number;
  /** One of both was not complete, or was never sent: such a pair compares nothing. */
  lost: number;
  differences: ({ metric: PairedMetric } & PairedDifference)[];
}

export interface PairedDifference {
  pairs: number;
  /** Means of both servers over the same pairs. */
  a: number;
  b: number;
  /** b − a, and its interval at 95 %; absent where there are too few pairs. */
  difference: number;
  low?: number;
  high?: number;
  /** Share of the pairs in which b was faster; half of those in which both were the same. */
  shareBFaster: number;
  /** `unknown`: there is no interval. */
  verdict: "a is faster" | "b is faster" | "within noise" | "unknown";
}

/** Of an open loop, in the measured window without its beginning, in which the server fills. */
export interface Saturation {
  /** The server did not keep up: latencies of such a run depend on how long it lasted. */
  saturated: boolean;
  /** Requests answered per request due, over the long run: 1 where the queue does not grow. At most 1. */
  achievedShare: number;
  /** Requests that wait or are being answered: how many more each second. Negative where they become fewer. */
  queueGrowthPerSecond: number;
  /** Only where it is saturated: one clause. */
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

/** A statistic in which k6's summary and the journal differ. */
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
