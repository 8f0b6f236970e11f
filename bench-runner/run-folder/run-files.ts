// The files of a run folder: their names, and the types of those that the runner writes.
//
// The extension writes records.jsonl (types: lib/core/request/facts.ts); the type of summary.json is in summary/summary.ts.
import type { OptionValue, Origin } from "../../lib/core/options/option.ts";
import type { ShapeKind } from "../../lib/core/options/shapes.ts";
import { toFileName } from "../platform/file-name.ts";

export const RUN_FILES = {
  config: "config.json",
  environment: "environment.json",
  settings: "settings.json",
  schedule: "schedule.json",
  prompts: "prompts.jsonl",
  records: "records.jsonl",
  server: "server.jsonl",
  serverLog: "server.log",
  k6Log: "k6.log",
  k6Summary: "k6-summary.json",
  outcome: "outcome.json",
  calibration: "calibration.json",
  summary: "summary.json",
  summaryMarkdown: "summary.md",
  summaryCsv: "summary.csv",
  report: "report.html",
  /** In the folder of several repeats. */
  repeats: "repeats.csv",
} as const;

/** config.json: the options of the run, and the origin of each value. Secrets are "(set, not shown)". */
export interface ConfigFile {
  schema: "server-bench/config/1";
  name: string;
  /** Whether the runner started the server; false if it was already running. */
  serverStartedHere: boolean;
  /** Base URL of the server, without `/v1`. */
  serverUrl: string;
  /** The proxy that requests went through, without its password; absent where they went straight to the server. */
  proxy?: string;
  /** The name in results of a server that was started by a command of the user. */
  serverName?: string;
  /** What the user calls the model, in a file or on the command line. */
  modelName?: string;
  /** Absolute path of the scenario that k6 ran. */
  scenario: string;
  /** The shape of the load; `plain`: by k6's own options. */
  kind: ShapeKind;
  /** The most concurrent clients, and thus requests. */
  vus: number;
  /** Planned number of requests; the run ends with them or after `durationSeconds`, at the first of the two. */
  iterations?: number;
  /** In an open loop, from the first arrival to the planned end of its schedule. */
  durationSeconds: number;
  /** Every option by its key, load options and runner options; an option without a value is absent. */
  values: Record<string, OptionValue>;
  /** Where each value came from; "server" and "git" if the runner read it there. */
  origins: Record<string, ConfigOrigin>;
  /** The command lines that were run, with k6's variables except secrets; absent if the runner did not start one. */
  commands: { server?: string[]; k6?: string[]; k6Variables?: Record<string, string> };
  /** In a run with `--repeat`: which repeat this is, and the seed of its prompts, which follows from the run's. */
  repeat?: { number: number; of: number; seed: number };
  /** Before the load; of both servers of `--ab`. Absent in runs of versions that did not look. */
  promptCache?: CacheReset[];
  /** Which prompts were sent, and what counted their tokens; absent if the runner did not prepare them. */
  prompts?: PromptsUse;
}

/** What was done to a server's prompt cache before a load. */
export interface CacheReset {
  /** `partly`: earlier prompts may come back from another place. `new`: the server had just started. */
  state: "emptied" | "partly" | "kept" | "new";
  /** How, or why not: a clause. */
  said: string;
}

/** Where the prompts of a run came from. */
export interface PromptsUse {
  /** The name or file of a dataset, or how the prompts were generated. */
  source: string;
  rows: number;
  countedBy: "server" | "tokenizer" | "words";
  /** The exact tokenizer or server. */
  counter: string;
  /** What happens after every row has been sent once. */
  whenOut: "repeat" | "end";
  /** Rows are conversations of several turns. */
  conversations?: true;
  /** The most tokens of an answer. */
  longestAnswer: number;
  /** Planned requests, including every turn of a conversation; absent if only time ends the run. */
  requests?: number;
  /** For prompts of a given length: how many were counted again, how many were exact, and the largest error in tokens. */
  synthetic?: { checked: number; exact: number; worstOff: number };
}

export type ConfigOrigin = Origin | "profile" | "server" | "git" | "derived";

/** The cost of a server start by the runner. */
export interface StartFacts {
  /** From the start of its process to its first answer that it is ready. */
  readySeconds: number;
  /** Resident memory of its process and its children before the first request of a load; absent if unreadable. */
  memoryBytes?: number;
  /** Used by all processes on all GPUs of this machine, at the same moment. */
  gpuMemoryBytes?: number;
}

/** environment.json: where the run took place; unknown values are absent. */
export interface EnvironmentFile {
  schema: "server-bench/environment/1";
  host: string;
  os: string;
  kernel: string;
  architecture: string;
  cpu: { model?: string; logicalCores: number };
  memoryBytes: number;
  gpus?: { name: string; memoryMiB?: number; driver?: string }[];
  node: string;
  /** This project's version. */
  serverBench: string;
  k6?: { version: string; extension?: string; path: string };
  /** The server's own description: /props and /v1/models. */
  server?: { build?: string; models?: string[]; slots?: number; contextPerSlot?: number; modelPath?: string };
  /** The cost of its start; absent for a server that was already running. */
  serverStart?: StartFacts;
  /** The process of a server that was already running on this machine, or why it was not found. */
  serverProcess?: { pid: number; name: string } | { absent: string };
  model?: {
    path: string;
    bytes: number;
    /** Up to 256 MiB. */
    sha256?: string;
    /** Above that: SHA-256 over the size in decimal, the first MiB and the last MiB. */
    sha256OfSizeAndEnds?: string;
  };
  git?: { branch?: string; commit?: string };
  /** Absent in runs of versions that did not raise it. */
  clientPriority?: ClientPriority;
}

/** How k6 gets the processor before other programs of its machine. */
export interface ClientPriority {
  kind: "realtime" | "autogroup" | "none";
  /**
   * Linux shares a core among sessions first: k6 is in that of the runner and of the server that the run started, or
   * has its own.
   */
  session: "server's" | "runner's" | "own";
  /** Why not more. */
  reason?: string;
}

/** One line of server.jsonl. The first and the last `metrics` line enclose the whole load. */
export type ServerLine = MetricsLine | HostLine | GpuLine;

export interface MetricsLine {
  type: "metrics";
  atUnixMs: number;
  /** By name, or `name{label="value"}` for a sample with labels. */
  values: Record<string, number>;
  /** Taken before the load began, or after it had ended. */
  moment?: "before" | "after";
}

/** CPU in busy cores since the line before (1 = one core), memory in bytes. */
export interface HostLine {
  type: "host";
  atUnixMs: number;
  cpuCores?: number;
  memoryUsedBytes?: number;
  processes: { [P in "server" | "k6" | "runner"]?: { cpuCores?: number; memoryBytes: number } };
}

/** What nvidia-smi reports once a second about the GPUs of the runner's machine. */
export interface GpuLine {
  type: "gpu";
  atUnixMs: number;
  gpus: GpuReading[];
  /** Why no more readings follow. */
  problem?: string;
}

/** Values that the GPU does not report are absent. */
export interface GpuReading {
  index: number;
  name: string;
  /** Share of the time in which a kernel ran, 0 to 1, over nvidia-smi's own last period. */
  utilisation?: number;
  memoryUsedBytes?: number;
  memoryTotalBytes?: number;
  powerWatts?: number;
  temperatureCelsius?: number;
}

/** outcome.json: how the run ended, so that `report` can repeat it later. */
export interface OutcomeFile {
  schema: "server-bench/outcome/1";
  startedUnixMs: number;
  endedUnixMs: number;
  /** The run did not reach its planned end; `reason` is one sentence. */
  partial: boolean;
  reason?: string;
  /** k6's own exit code; absent if a signal ended k6. */
  k6ExitCode?: number;
  /** The /metrics of the server could be read before and after the load. */
  serverMetrics: boolean;
}

/** A scenario's name, without folder and suffix: `examples/chat.ts` → `chat`. */
export function toScenarioName(path: string): string {
  return toFileName(path).replace(/\.\w+$/, "");
}
