// Whether a requirement holds of NEW, or of its change from BASE. Pure.
import { holds, type Requirement } from "../../../lib/core/goals/requirement.ts";
import type { Unit } from "../../../lib/core/units.ts";
import { isShare, toUnit } from "./compared-metric.ts";
import { type Difference, toAbsoluteDifference, toDifference } from "./difference.ts";
import type { Side } from "./side.ts";
import { toEstimates, toFigures } from "./side-estimates.ts";

export interface ChangeResult {
  text: string;
  result: "held" | "failed" | "cannot tell";
  /** What was found: of a change the change, relative where that was asked for. */
  value?: number;
  low?: number;
  high?: number;
  /** Unit of these. */
  unit: Unit;
  /** They are a change from BASE: relative to it, or a difference (of a share in points). */
  change?: "relative" | "absolute";
  reason?: string;
}

/**
 * A change fails when it is beyond its limit and it is a change: its interval leaves out 0, or lies beyond the limit as a
 * whole. It cannot be told where there is no interval, or where the interval reaches from no change to beyond the limit.
 * Everything else holds. A requirement without a change is judged of NEW alone, by its figure (of repeats: every one).
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
  // What was there and is gone got no better: it must not pass for unknown.
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
  // The limit is on one side, so the ends of the interval tell whether any of it is beyond.
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
