// Whether a figure that may be known only as a range is within its limit: the one place that says "uncertain".
import type { Ends } from "../ends.ts";
import type { Facts } from "../request/facts.ts";
import { toFactsAtEnds } from "../request/other-ends.ts";
import { deriveMetrics, type RequestMetrics } from "../request/request-metrics.ts";
import { isGood, judgeSlo, type SloOutcome } from "./goodput.ts";
import { type Comparison, holds } from "./requirement.ts";
import type { Slo } from "./slo.ts";

export type Outcome = "met" | "missed" | "uncertain";

/** A figure meets its limit only if both ends do, and misses it only if both do: between, nobody knows. */
export function judgeEnds({ lower, upper }: Ends, comparison: Comparison, limit: number): Outcome {
  const top = upper ?? Number.POSITIVE_INFINITY;
  const isSame = comparison === "==" || comparison === "!=";
  if (isSame && lower < top && lower <= limit && limit <= top) return "uncertain";
  const isLowerMet = holds(lower, comparison, limit);
  if (isLowerMet !== holds(top, comparison, limit)) return "uncertain";
  return isLowerMet ? "met" : "missed";
}

export interface GoodOutcome {
  /** One for each objective, in their order. */
  slos: (SloOutcome | "uncertain")[];
  /** All objectives together; undefined for a request that was stopped before it missed one. */
  good: boolean | "uncertain" | undefined;
}

/** A request's objectives, with its times at both ends of their ranges. */
export function judgeGood(
  slos: readonly Slo[],
  facts: Facts,
  { verdict, tpotMs }: Pick<RequestMetrics, "verdict" | "tpotMs">,
): GoodOutcome {
  const worst = slos.map((slo) => judgeSlo(slo, facts, { verdict, tpotMs }));
  const good = isGood(verdict, worst);
  const ends = toFactsAtEnds(facts);
  if (ends === undefined) return { slos: worst, good };
  // The metrics of a request have the longest TPOT; its shortest one is from the latest first token to the earliest last one.
  const shortest = deriveMetrics(ends.late).tpotMs;
  const best = slos.map((slo) => judgeSlo(slo, ends.early, { verdict, tpotMs: shortest }));
  return {
    slos: worst.map((outcome, index) => (outcome === best[index] ? outcome : "uncertain")),
    good: good === isGood(verdict, best) ? good : "uncertain",
  };
}
