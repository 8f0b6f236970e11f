// Everything that decides whether a run succeeds: its requirements, and the k6 thresholds that no requirement covers.

import { parseRequirement, type Requirement } from "../../../lib/core/goals/requirement.ts";
import { type K6Rule, toAbortRule, toK6Rule } from "../../../lib/core/goals/thresholds.ts";
import { measuresAll, type PhaseOptions } from "../../../lib/core/plans/phases.ts";
import { formatValue } from "../../../lib/core/units.ts";
import type { Summary } from "../summary.ts";

export interface Gate {
  /** The text as the user wrote it, or k6's metric and rule. */
  text: string;
  ok: boolean;
  /** The run's value with its unit, or why it is unknown. */
  found?: string;
}

type Judged = Pick<Summary, "thresholds" | "configuration">;
type ToRule = (requirement: Requirement, measuresAll: boolean) => K6Rule | undefined;

/** Requirements first, in the order in which they were given. */
export function toGates(summary: Pick<Summary, "requirements"> & Judged): Gate[] {
  const watched = toRules(summary, "abortOn", toAbortRule);
  return [
    ...(summary.requirements ?? []).map(({ text, ok, value, unit, reason }) => ({
      text,
      ok,
      found: value === undefined ? (reason ?? "unknown") : formatValue(value, unit),
    })),
    ...toOwnThresholds(summary).map(({ metric, rule, ok }) => {
      const condition = watched.find(({ rule: known }) => isSame(known, { metric, rule }));
      return { text: condition ? `not ${condition.text}` : `${metric}: ${rule}`, ok };
    }),
  ];
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
