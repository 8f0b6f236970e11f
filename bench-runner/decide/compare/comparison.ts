// Two sides compared: each figure, what differs between the loads, and the requirements. Pure.
import type { Estimate } from "../../statistics/estimate.ts";
import { markEstimated } from "../../summary/estimated.ts";
import { findFigure } from "../../summary/figures.ts";
import { type ComparedMetric, HEADLINE, isShare, toMetricKey, toSubject, toUnit } from "./compared-metric.ts";
import { toNotes } from "./comparison-notes.ts";
import type {
  ChangeVerdict,
  CompareOptions,
  MetricComparison,
  PairComparison,
  SideWords,
} from "./comparison-types.ts";
import { type Difference, toDifference } from "./difference.ts";
import { findDifferences, type IdentityDifference, isAllowed } from "./identity-differences.ts";
import type { ChangeResult } from "./judge-change.ts";
import type { Side } from "./side.ts";
import { IN_RANGE, toSideEnds, widen } from "./side-ends.ts";
import { toEstimates, toMethod } from "./side-estimates.ts";

/** Includes a run that ended early: it did not measure its whole load. */
export function findSideDifferences(base: Side, next: Side): IdentityDifference[] {
  const toPartial = ({ runs }: Side) => runs.find(({ partial }) => partial !== undefined)?.partial;
  const [a, b] = [toPartial(base), toPartial(next)];
  return [
    ...(a === undefined && b === undefined
      ? []
      : [{ key: "partial", group: "run" as const, base: a ?? "whole", next: b ?? "whole" }]),
    ...findDifferences(base.identity, next.identity),
  ];
}

/** @param requirements the results for this pair */
export function comparePair(
  base: Side,
  next: Side,
  source: string,
  options: CompareOptions,
  requirements: ChangeResult[],
): PairComparison {
  const metrics = HEADLINE.flatMap((metric) => compareMetric(base, next, metric, options.confidence) ?? []);
  return {
    next: toSideWords(next, source),
    method: toMethod(base, next),
    differences: findSideDifferences(base, next).map((difference) => ({
      ...difference,
      allowed: isAllowed(difference, options.allow),
    })),
    metrics,
    requirements,
    notes: toNotes(base, next),
  };
}

export function toSideWords({ name, runs }: Side, source: string): SideWords {
  return {
    source,
    name,
    runs: runs.map(({ name: _, figures: _f, doubts: _d, partial: _p, estimated: _e, ...words }) => words),
  };
}

/** Undefined if neither side has the figure. */
export function compareMetric(
  base: Side,
  next: Side,
  metric: ComparedMetric,
  confidence: number,
): MetricComparison | undefined {
  const estimates = toEstimates(base, next, metric);
  if (estimates === undefined) return undefined;
  const words = {
    key: toMetricKey(metric),
    title: findFigure(toMetricKey(metric)).title + markSides(metric, [base, next]),
    unit: toUnit(metric),
  };
  const { base: a, next: b } = estimates;
  const [baseEnds, nextEnds] = [toSideEnds(base, metric), toSideEnds(next, metric)];
  const values = {
    ...(a && { base: a.value }),
    ...(b && { next: b.value }),
    ...(baseEnds && { baseEnds }),
    ...(nextEnds && { nextEnds }),
  };
  if (a === undefined || b === undefined) {
    const { reason = "" } = (a ?? b) as Estimate;
    return { ...words, ...values, verdict: "cannot tell", reason };
  }
  const share = isShare(metric);
  const { reason, ...own } = toDifference(a, b, { confidence, isShare: share });
  const wide = widen(own, {
    base: { value: a.value, ends: baseEnds },
    next: { value: b.value, ends: nextEnds },
    isAdditive: share,
  });
  const { better } = toSubject(metric);
  const verdict = toVerdict(wide, better);
  const isUncertain = verdict !== toVerdict(own, better) || (verdict === "within noise" && wide !== own);
  const difference = isBounded(wide) ? wide : { value: own.value };
  return {
    ...words,
    ...values,
    ...(Number.isFinite(difference.value) && {
      difference: { of: share ? ("points" as const) : ("base" as const), ...difference },
    }),
    verdict: isUncertain ? "uncertain" : verdict,
    ...(isUncertain ? { reason: IN_RANGE } : reason !== undefined && { reason }),
  };
}

/** " (estimated)" where it is on either side. */
function markSides(metric: ComparedMetric, sides: readonly Side[]): string {
  const isEstimated = sides.some(({ runs }) => runs.some(({ estimated }) => estimated));
  return markEstimated(toMetricKey(metric), { tokens: { estimatedRequests: isEstimated ? 1 : 0 } });
}

function isBounded({ low = 0, high = 0 }: Difference): boolean {
  return Number.isFinite(low) && Number.isFinite(high);
}

function toVerdict({ low, high }: Difference, better: "lower" | "higher" | undefined): ChangeVerdict {
  if (low === undefined || high === undefined) return "cannot tell";
  if (low <= 0 && high >= 0) return "within noise";
  if (better === undefined) return "changed";
  return low > 0 === (better === "higher") ? "better" : "worse";
}
