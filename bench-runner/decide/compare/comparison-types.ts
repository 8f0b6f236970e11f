// The result of `compare`: plain data that the terminal, Markdown, JSON and HTML all show.
import type { Ends } from "../../../lib/core/ends.ts";
import type { Unit } from "../../../lib/core/units.ts";
import type { Difference } from "./difference.ts";
import type { IdentityDifference } from "./identity-differences.ts";
import type { ChangeResult } from "./judge-change.ts";
import type { SideRun } from "./side.ts";
import type { Method } from "./side-estimates.ts";

export interface Comparison {
  schema: "server-bench/comparison/1";
  /** Confidence level of the intervals, such as 0.95. */
  confidence: number;
  base: SideWords;
  pairs: PairComparison[];
}

/** NEW against BASE. */
export interface PairComparison {
  next: SideWords;
  /** What the intervals are computed from. */
  method: Method;
  /** What must be equal and is not; `allowed` if `--allow` names it. */
  differences: (IdentityDifference & { allowed: boolean })[];
  metrics: MetricComparison[];
  requirements: ChangeResult[];
  /** What to know before trusting the figures. */
  notes: string[];
}

export interface SideWords {
  /** As it was given. */
  source: string;
  name: string;
  runs: Pick<SideRun, "start" | "seconds" | "measured" | "runnerLabel" | "branch" | "commit" | "build">[];
}

/** `uncertain`: a figure is known only as a range, and within it the verdict is another. */
export type ChangeVerdict = "better" | "worse" | "changed" | "within noise" | "uncertain" | "cannot tell";

export interface MetricComparison {
  /** "ttft.p95". */
  key: string;
  title: string;
  unit: Unit;
  /** `points` for a share, in shares; otherwise relative to BASE. */
  difference?: Difference & { of: "points" | "base" };
  base?: number;
  next?: number;
  /** Where a figure is known only as a range: its ends over the runs of the side. */
  baseEnds?: Ends;
  nextEnds?: Ends;
  /** `changed` for a figure without a better direction. */
  verdict: ChangeVerdict;
  /** Why there is no interval. */
  reason?: string;
}

export interface CompareOptions {
  confidence: number;
  /** Keys and groups of differences that are intended. */
  allow: readonly string[];
}
