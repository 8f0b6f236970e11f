// sweep.json: the goal of a sweep, each load it measured, and its outcome. Its JSON Schema is docs/schemas/sweep.schema.json.
import type { Ends } from "../../../lib/core/ends.ts";
import type { EndReason } from "./plan-next.ts";
import type { SweepGoal } from "./sweep-goal.ts";

export const SWEEP_FILES = {
  sweep: "sweep.json",
  markdown: "sweep.md",
  csv: "sweep.csv",
  page: "sweep.html",
} as const;

export interface SweepFile {
  schema: "server-bench/sweep/1";
  name: string;
  /** ISO 8601, UTC. */
  start: string;
  /** End of the last point. */
  end?: string;
  goal: SweepGoal;
  /** As the user wrote them. */
  slos: string[];
  requirements: string[];
  /** Texts of the run's options by flag, whether given by flag or by variable; without secrets. */
  options: Record<string, string>;
  /** In the order in which they were measured. */
  points: SweepPoint[];
  /** Absent while it runs, and if the end could not be written. */
  outcome?: SweepOutcome;
}

export interface SweepPoint {
  /** From 1. */
  number: number;
  /** Clients, or requests per second. */
  load: number;
  /** `list`: it was requested; `bisection`: it is between a load that meets the goal and one that does not. */
  by: "list" | "bisection";
  /** Within the sweep's folder. */
  folder: string;
  /** Folders of the runs in it, within the sweep's folder: for a single run the point's own. */
  runs: string[];
  /** Measured requests of all runs, and how many of them were complete. */
  requests: number;
  complete: number;
  /** Every run has the certified p95 of TTFT (without streaming: of E2E). */
  isCertified: boolean;
  /** Means over the runs; unknown ones are absent. */
  figures: PointFigures;
  /** The ends of figures that are known only as ranges: means over the runs. */
  ends?: { [K in keyof PointFigures]?: Ends };
  /** The figures whose tokens were counted by events in a request of a run, because it has no usage. */
  estimated?: (keyof PointFigures)[];
  /** Open loop: the server did not keep up. Closed loop: see `outcome.saturated`. */
  isSaturated: boolean;
  /** It meets every SLO and requirement; absent if there are none, and for a partial point. */
  meets?: boolean;
  /** It may meet them: everything that it misses is known only as a range. `meets` is then false. */
  uncertain?: true;
  /** Why it does not, and further remarks: a clause each. */
  misses: string[];
  /** One of its runs is partial: it is measured again when the sweep is resumed. */
  partial?: true;
}

/** Times in ms, rates per second, shares from 0 to 1. */
export interface PointFigures {
  offeredPerSecond?: number;
  /** Sent. */
  achievedPerSecond?: number;
  requestsPerSecond?: number;
  outputTokensPerSecond?: number;
  /** 1 / TPOT, the median over requests. */
  tokensPerSecondPerUser?: number;
  ttftMedianMs?: number;
  ttftP95Ms?: number;
  /** At most this at 99 % confidence. */
  ttftP95CertifiedMs?: number;
  tpotMedianMs?: number;
  tpotP95Ms?: number;
  e2eMeanMs?: number;
  e2eMedianMs?: number;
  e2eP95Ms?: number;
  successShare?: number;
  goodputShare?: number;
  goodputPerSecond?: number;
  /** The share of prompt tokens that came from the server's cache. */
  cachedShare?: number;
}

export interface SweepOutcome {
  /** The plan's, or why the sweep ended early: `stopped` by the user, `serverDied`, `failed`. */
  reason: EndReason | "stopped" | "serverDied" | "failed";
  /** What was found, in one or two sentences. */
  sentence: string;
  /** Numbers of points. */
  meets?: number;
  fails?: number;
  /** The lowest load at which the server is saturated. */
  saturated?: number;
  /** The load with the largest throughput / latency. */
  knee?: number;
  /** Those that no other point surpasses in both tokens/s and tokens/s per user. */
  pareto: number[];
}
