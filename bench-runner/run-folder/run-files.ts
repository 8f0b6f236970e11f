// The files of a run folder: their names, and the shapes of those that the runner itself writes.
//
// records.jsonl is Go's (its lines are in lib/core/request/facts.ts), summary.json has its own file and schema.
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
} as const;

/** config.json: what the run was asked to do, and by whom each value was given. Secrets are "(set, not shown)". */
export interface ConfigFile {
  schema: "server-bench/config/1";
  name: string;
  /** The server was started by the runner, or ran already. */
  serverStartedHere: boolean;
  /** Base URL of the server, without `/v1`. */
  serverUrl: string;
  /** Of a server that a command of the user's started: how results call it. */
  serverName?: string;
  /** Absolute path of the scenario that k6 ran. */
  scenario: string;
  /** How the load is shaped: `plain` by k6's own options. */
  kind: ShapeKind;
  /** The most clients, and so requests, at a time. */
  vus: number;
  /** Planned number of requests; the run ends with them or after `durationSeconds`, whichever comes first. */
  iterations?: number;
  /** Of an open loop: from the first arrival to the planned end of its schedule. */
  durationSeconds: number;
  /** Every option by its key, load options and runner options; an option that is nowhere given is absent. */
  values: Record<string, OptionValue>;
  /** Where each value came from; "server" and "git" where the runner read it there. */
  origins: Record<string, ConfigOrigin>;
  /** The command lines that were run, with k6's variables but for secrets; absent where the runner did not start one. */
  commands: { server?: string[]; k6?: string[]; k6Variables?: Record<string, string> };
  /** Which prompts were sent, and who counted their tokens; absent where the runner did not prepare them. */
  prompts?: PromptsUse;
}

/** Where the prompts of a run came from. */
export interface PromptsUse {
  /** A dataset's name or file, or how they were made. */
  source: string;
  rows: number;
  countedBy: "server" | "tokenizer" | "words";
  /** What exactly counted. */
  counter: string;
  /** What happens when every row was sent once. */
  whenOut: "repeat" | "end";
  /** Rows are conversations of several turns. */
  conversations?: true;
  /** Tokens that an answer may have at most. */
  longestAnswer: number;
  /** Planned requests, of conversations every turn; absent where time alone ends the run. */
  requests?: number;
  /** Of prompts that were made to a length: how many were counted again, how many were exact, and the largest miss in tokens. */
  synthetic?: { checked: number; exact: number; worstOff: number };
}

export type ConfigOrigin = Origin | "profile" | "server" | "git" | "derived";

/** What the start of a server by the runner cost. */
export interface StartFacts {
  /** From the start of its process to its first answer that said ready. */
  readySeconds: number;
  /** Resident, of its process with those below it, before the first request of a load; absent where it cannot be read. */
  memoryBytes?: number;
  /** Of all GPUs of this machine, whoever used them, at the same moment. */
  gpuMemoryBytes?: number;
}

/** environment.json: where the run took place; what could not be found out is absent. */
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
  /** What the server says of itself: /props and /v1/models. */
  server?: { build?: string; models?: string[]; slots?: number; contextPerSlot?: number; modelPath?: string };
  /** What its start cost; absent of a server that ran already. */
  serverStart?: StartFacts;
  model?: {
    path: string;
    bytes: number;
    /** Up to 256 MiB. */
    sha256?: string;
    /** Above that: SHA-256 over the size in decimal, the first MiB and the last MiB. */
    sha256OfSizeAndEnds?: string;
  };
  git?: { branch?: string; commit?: string };
}

/** One line of server.jsonl. The first and the last `metrics` line enclose the whole load. */
export type ServerLine = MetricsLine | HostLine | GpuLine;

export interface MetricsLine {
  type: "metrics";
  atUnixMs: number;
  /** By name, or `name{label="value"}` where a sample has labels. */
  values: Record<string, number>;
  /** Taken before the load began, or after it had ended. */
  moment?: "before" | "after";
}

/** CPU in cores that were busy since the line before (1 = one core), memory in bytes. */
export interface HostLine {
  type: "host";
  atUnixMs: number;
  cpuCores?: number;
  memoryUsedBytes?: number;
  processes: { [P in "server" | "k6" | "runner"]?: { cpuCores?: number; memoryBytes: number } };
}

/** What nvidia-smi says once a second of the GPUs of the runner's machine. */
export interface GpuLine {
  type: "gpu";
  atUnixMs: number;
  gpus: GpuReading[];
  /** Why there is nothing more. */
  problem?: string;
}

/** What the GPU does not tell is absent. */
export interface GpuReading {
  index: number;
  name: string;
  /** Share of the time in which a kernel ran, 0 to 1, over nvidia-smi's own last period. */
  utilisation?: number;
  memoryUsedBytes?: number;
  memoryTotalBytes?: number;
  powerWatts?: number;
}

/** outcome.json: how the run ended, for `report` to say the same again later. */
export interface OutcomeFile {
  schema: "server-bench/outcome/1";
  startedUnixMs: number;
  endedUnixMs: number;
  /** The run did not reach its planned end; `reason` is one sentence. */
  partial: boolean;
  reason?: string;
  /** k6's own exit code; absent where k6 ended by a signal. */
  k6ExitCode?: number;
  /** The /metrics of the server could be read before and after the load. */
  serverMetrics: boolean;
}

/** A scenario's name, without folder and suffix: `examples/chat.ts` → `chat`. */
export function toScenarioName(path: string): string {
  return toFileName(path).replace(/\.\w+$/, "");
}
