// One side of a comparison: a run, repeats of it, or a baseline. A baseline file keeps all that a comparison uses of a
// side, so both give the same result. Its JSON Schema is docs/schemas/baseline.schema.json.
import type { Estimate } from "../../statistics/estimate.ts";
import type { Summary } from "../../summary/summary.ts";
import type { Identity } from "./identity.ts";

export interface Side {
  schema: "server-bench/baseline/1";
  name: string;
  /** Version of server-bench that created it. */
  serverBench: string;
  identity: Identity[];
  /** One, or repeats of the same load in their order. */
  runs: SideRun[];
  /** For a single run, by key ("ttft.p95"): figures with their errors from blocks of time. */
  estimates?: Record<string, Estimate>;
  /** Distributions over all runs, ms: the quantile at each of CURVE_SHARES. */
  curves: { [K in CurveKey]?: number[] };
  /** What a reader should know about the side. */
  notes: string[];
}

/** The parts of a summary that hold every figure that a requirement can name. */
export type RunFigures = Pick<
  Summary,
  "metrics" | "rates" | "requests" | "throughput" | "goodput" | "arrivals"
>;

export interface SideRun {
  name: string;
  /** ISO 8601, UTC. */
  start: string;
  seconds?: number;
  measured: number;
  runnerLabel?: string;
  branch?: string;
  commit?: string;
  build?: string;
  /** Why it did not reach its planned end. */
  partial?: string;
  /** Without usage, tokens are counted by events in at least one request. */
  estimated?: true;
  /** Its warnings that put a comparison in doubt. */
  doubts: { code: string; text: string }[];
  /** Every figure of the summary that a requirement can name. */
  figures: RunFigures;
}

export const CURVE_KEYS = ["ttft", "tpot", "e2e"] as const;
export type CurveKey = (typeof CURVE_KEYS)[number];

/** Hundredths, and the tail. */
export const CURVE_SHARES: readonly number[] = [
  ...Array.from({ length: 100 }, (_, index) => index / 100),
  0.995,
  0.999,
  1,
];
