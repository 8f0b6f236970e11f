// Everything that decides whether a run succeeds: its requirements, and the k6 thresholds that no requirement covers.

import { isWide } from "../../../lib/core/ends.ts";
import { judgeEnds } from "../../../lib/core/goals/judge-ends.ts";
import { parseRequirement, type Requirement } from "../../../lib/core/goals/requirement.ts";
import { type K6Rule, parseK6Rule, toAbortRule, toK6Rule } from "../../../lib/core/goals/thresholds.ts";
import { measuresAll, type PhaseOptions } from "../../../lib/core/plans/phases.ts";
import { formatEnds, formatValue } from "../../../lib/core/units.ts";
import { findFigure, type Measured, toFigureKey } from "../figures.ts";
import type { RequirementResult, Summary } from "../summary.ts";

export interface Gate {
  /** The text as the user wrote it, or k6's metric and rule. */
  text: string;
  /** False also where it is uncertain. */
  ok: boolean;
  /** Only one end of the figure's range is within the limit. */
  uncertain?: true;
  /** The run's value with its unit, or why it is unknown. */
  found?: string;
}

type Judged = Pick<Summary, "thresholds" | "configuration">;
type ToRule = (requirement: Requirement, measuresAll: boolean) => K6Rule | undefined;

/** Requirements first, in the order in which they were given. */
export function toGates(summary: Pick<Summary, "requirements"> & Judged & Measured): Gate[] {
  const watched = toRules(summary, "abortOn", toAbortRule);
  return [
    ...(summary.requirements ?? []).map((result) => ({
      text: result.text,
      ok: result.ok,
      ...(result.uncertain && { uncertain: true as const }),
      found: describeFound(result),
    })),
    ...toOwnThresholds(summary).map(({ metric, rule, ok }): Gate => {
      const condition = watched.find(({ rule: known }) => isSame(known, { metric, rule }));
      // One that ended the run has decided.
      if (condition) return { text: `not ${condition.text}`, ok };
      const isUncertain = !ok && isUncertainRule({ metric, rule }, summary);
      return { text: `${metric}: ${rule}`, ok, ...(isUncertain && { uncertain: true }) };
    }),
  ];
}

/** Whether at least one gate is uncertain, and none failed for certain. */
export function isUndecided(gates: readonly Gate[]): boolean {
  return gates.some(({ uncertain }) => uncertain) && gates.every(({ ok, uncertain }) => ok || uncertain);
}

/** "390.1 ms", "12–390 ms", or why it is unknown. */
export function describeFound({ value, range, unit, reason }: RequirementResult): string {
  if (value === undefined) return reason ?? "unknown";
  return range && isWide(range) ? formatEnds(range, unit) : formatValue(value, unit);
}

/** k6 sees the end that does not flatter the server: a threshold that failed there may hold at the other. */
function isUncertainRule({ metric, rule }: K6Rule, measured: Measured): boolean {
  const parsed = parseK6Rule({ metric, rule });
  const ends = parsed && findFigure(toFigureKey(parsed.subject, parsed.statistic)).endsOf(measured);
  return (
    ends !== undefined &&
    parsed !== undefined &&
    judgeEnds(ends, parsed.comparison, parsed.value) === "uncertain"
  );
}

/** The k6 thresholds that no requirement created. */
export function toOwnThresholds(summary: Judged): Summary["thresholds"] {
  const required = toRules(summary, "require", toK6Rule);
  return summary.thresholds.filter((threshold) => !required.some(({ rule }) => isSame(rule, threshold)));
}

/** The texts of `--abort-on` that ended the run. */
export function findAbortReasons(summary: Judged): string[] {
  const failed = summary.thresholds.filter(({ ok }) => !ok);
  return toRules(summary, "abortOn", toAbortRule)
    .filter(({ rule }) => failed.some((threshold) => isSame(rule, threshold)))
    .map(({ text }) => text);
}

/** "requirement" if the user set any, otherwise "threshold". */
export function nameGates({ requirements }: Pick<Summary, "requirements">, count: number): string {
  const name = requirements === undefined ? "threshold" : "requirement";
  return count === 1 ? name : `${name}s`;
}

/** The k6 rules made from the texts of an option. */
function toRules(
  { configuration: { values } }: Judged,
  option: "require" | "abortOn",
  toRule: ToRule,
): { text: string; rule: K6Rule | undefined }[] {
  const isAll = measuresAll(values as PhaseOptions);
  const texts = Array.isArray(values[option]) ? (values[option] as readonly string[]) : [];
  return texts.map((text) => ({ text, rule: toRule(parseRequirement(text, `\`${option}\``), isAll) }));
}

function isSame(a: K6Rule | undefined, b: K6Rule): boolean {
  return a?.metric === b.metric && a.rule === b.rule;
}
