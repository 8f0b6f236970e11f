// Whether a requirement holds for NEW, or for its change from BASE. Pure.
import { holds, type Requirement } from "../../../lib/core/goals/requirement.ts";
import type { Unit } from "../../../lib/core/units.ts";
import { isShare, toUnit } from "./compared-metric.ts";
import { type Difference, toAbsoluteDifference, toDifference } from "./difference.ts";
import type { Side } from "./side.ts";
import { toEstimates, toFigures } from "./side-estimates.ts";

export interface ChangeResult {
  text: string;
  result: "held" | "failed" | "cannot tell";
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
  const { result, doubt } = decide(difference, (value) => holds(value, comparison, limit));
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
  const figures = toFigures(next, requirement);
  const worst = figures.find((figure) => !holds(figure, comparison, limit)) ?? figures[0];
  if (worst === undefined || figures.length < next.runs.length) {
    return { text, unit, result: "failed", reason: "NEW has no such figure" };
  }
  const result = holds(worst, comparison, limit) ? "held" : "failed";
  const isOne = next.runs.length > 1 && result === "failed";
  return { text, unit, result, value: worst, ...(isOne && { reason: "in one of the repeats" }) };
}
