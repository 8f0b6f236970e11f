// Finds the figure of a summary that a requirement is about, and judges whether the requirement holds.

import { judgeEnds } from "../../../lib/core/goals/judge-ends.ts";
import { parseRequirement, type Requirement } from "../../../lib/core/goals/requirement.ts";
import { findFigure, type Measured, toFigureKey } from "../figures.ts";
import type { RequirementResult } from "../summary.ts";

/** A requirement whose figure the run does not have does not hold; one that only one end of its range fulfils is uncertain. */
export function judge(requirement: Requirement, measured: Measured): RequirementResult {
  const { text, comparison, value: limit, subject, statistic, certified } = requirement;
  const { unit, of, endsOf } = findFigure(toFigureKey(subject, statistic, certified));
  const value = of(measured);
  if (value !== undefined) {
    const range = endsOf(measured);
    const outcome = judgeEnds(range ?? { lower: value, upper: value }, comparison, limit);
    return {
      text,
      ok: outcome === "met",
      ...(outcome === "uncertain" && { uncertain: true }),
      ...(range && { range }),
      value,
      limit,
      unit,
    };
  }
  const isUncertified = certified && findFigure(toFigureKey(subject, statistic)).of(measured) !== undefined;
  const reason = isUncertified
    ? `too few requests to certify the ${statistic}`
    : "the run has no such number";
  return { text, ok: false, limit, unit, reason };
}

/** Judges texts that were checked before the run. @throws OptionError */
export function judgeAll(texts: readonly string[], measured: Measured): RequirementResult[] {
  return texts.map((text) => judge(parseRequirement(text, "`--require`"), measured));
}
