// Whether a requirement holds for NEW, or for its change from BASE. Pure.
import { isWide } from "../../../lib/core/ends.ts";
import { judgeEnds } from "../../../lib/core/goals/judge-ends.ts";
import { holds, type Requirement } from "../../../lib/core/goals/requirement.ts";
import { formatEnds, type Unit } from "../../../lib/core/units.ts";
import { findFigure } from "../../summary/figures.ts";
import { isShare, toMetricKey, toUnit } from "./compared-metric.ts";
import { type Difference, toAbsoluteDifference, toDifference } from "./difference.ts";
import type { Side } from "./side.ts";
import { IN_RANGE, toSideEnds, widen } from "./side-ends.ts";
import { toEstimates } from "./side-estimates.ts";

export interface ChangeResult {
  text: string;
  /** `uncertain`: a figure is known only as a range, and within it the result is another. */
  result: "held" | "failed" | "uncertain" | "cannot tell";
  /** What was found: the figure, or its change, relative if the requirement is. */
  value?: number;
  low?: number;
  high?: number;
  /** Unit of `value`, `low` and `high`. */
  unit: Unit;
  /** They are a change from BASE: relative to it, or a difference (of a share in points). */
  change?: "relative" | "absolute";
  reason?: string;
}

/**
 * A change fails if it is beyond its limit and significant: its interval excludes 0, or is entirely beyond the limit. It is
 * inconclusive if there is no interval, or if the interval reaches from no change to beyond the limit. Otherwise it holds.
 * A requirement without a change is judged by the figure of NEW alone (every repeat must meet it).
 */
export function judgeChange(
  base: Side,
  next: Side,
  requirement: Requirement,
  confidence: number,
): ChangeResult {
  const { text, change, comparison, value: limit } = requirement;
  const isRelative = change === "relative";
  const unit = isRelative ? "share" : toUnit(requirement);
  if (change === undefined) return judgeFigures(next, requirement, unit);
  const estimates = toEstimates(base, next, requirement);
  const words = { text, unit, change };
  // A figure that has disappeared is a failure, not an unknown.
  if (estimates?.next === undefined && estimates?.base !== undefined) {
    return { ...words, result: "failed", reason: "NEW has no such figure" };
  }
  if (estimates?.base === undefined || estimates.next === undefined) {
    return { ...words, result: "cannot tell", reason: "BASE has no such figure" };
  }
  const options = { confidence, isShare: isShare(requirement) };
  const toChange = isRelative ? toDifference : toAbsoluteDifference;
  const { reason, ...difference } = toChange(estimates.base, estimates.next, options);
  const wide = widen(difference, {
    base: { value: estimates.base.value, ends: toSideEnds(base, requirement) },
    next: { value: estimates.next.value, ends: toSideEnds(next, requirement) },
    isAdditive: !isRelative,
  });
  const isWithin = (value: number) => holds(value, comparison, limit);
  const { result, doubt } = decide(difference, isWithin);
  if (wide !== difference && (result !== "failed" || decide(wide, isWithin).result !== "failed")) {
    const isSure = result === "held" && isWithin(wide.low as number) && isWithin(wide.high as number);
    if (!isSure) return { ...words, result: "uncertain", value: difference.value, reason: IN_RANGE };
  }
  const why = reason ?? doubt;
  return { ...words, result, ...difference, ...(why !== undefined && { reason: why }) };
}

function decide(
  { value, low, high }: Difference,
  isWithin: (value: number) => boolean,
): { result: ChangeResult["result"]; doubt?: string } {
  if (low === undefined || high === undefined) return { result: "cannot tell", doubt: "no interval" };
  const hasZero = low <= 0 && high >= 0;
  // The limit is one-sided, so the ends of the interval show whether any of it is beyond.
  const isAllWithin = isWithin(low) && isWithin(high);
  const isAllBeyond = !isWithin(low) && !isWithin(high);
  if (isAllBeyond || (!isWithin(value) && !hasZero)) return { result: "failed" };
  if (hasZero && !isAllWithin) {
    return { result: "cannot tell", doubt: "the interval reaches from no change to beyond the limit" };
  }
  return { result: "held" };
}

function judgeFigures(next: Side, requirement: Requirement, unit: Unit): ChangeResult {
  const { text, comparison, value: limit } = requirement;
  const { of, endsOf } = findFigure(toMetricKey(requirement));
  const runs = next.runs.flatMap(({ figures }) => {
    const value = of(figures);
    if (value === undefined) return [];
    const ends = endsOf(figures) ?? { lower: value, upper: value };
    return [{ value, ends, outcome: judgeEnds(ends, comparison, limit) }];
  });
  const worst =
    runs.find(({ outcome }) => outcome === "missed") ??
    runs.find(({ outcome }) => outcome === "uncertain") ??
    runs[0];
  if (worst === undefined || runs.length < next.runs.length) {
    return { text, unit, result: "failed", reason: "NEW has no such figure" };
  }
  const result = ({ met: "held", missed: "failed", uncertain: "uncertain" } as const)[worst.outcome];
  const isOne = next.runs.length > 1 && result !== "held";
  const reasons = [
    ...(isWide(worst.ends) ? [`somewhere in ${formatEnds(worst.ends, unit)}`] : []),
    ...(isOne ? ["in one of the repeats"] : []),
  ];
  return {
    text,
    unit,
    result,
    value: worst.value,
    ...(reasons.length > 0 && { reason: reasons.join(", ") }),
  };
}
