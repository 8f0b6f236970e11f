// The estimates of a figure on both sides of a comparison, and where their errors come from. Pure.
import { FAILED_VERDICTS } from "../../../lib/core/goals/thresholds.ts";
import type { Estimate } from "../../statistics/estimate.ts";
import { findFigure } from "../../summary/figures.ts";
import { type ComparedMetric, isShare, toMetricKey } from "./compared-metric.ts";
import { borrowError, estimateRepeats } from "./repeat-estimates.ts";
import type { RunFigures, Side } from "./side.ts";

/** What the intervals of a comparison are computed from. */
export type Method = "repeats" | "blocks" | "repeats of one side";

export function toMethod(base: Side, next: Side): Method {
  const [a, b] = [base.runs.length > 1, next.runs.length > 1];
  return a && b ? "repeats" : a || b ? "repeats of one side" : "blocks";
}

/** Undefined if neither side has the figure. */
export function toEstimates(
  base: Side,
  next: Side,
  metric: ComparedMetric,
): { base: Estimate | undefined; next: Estimate | undefined } | undefined {
  const [a, b] = [base, next].map((side) => toFigures(side, metric)) as [number[], number[]];
  if (a.length === 0 && b.length === 0) return undefined;
  const one = { base: a[0], next: b[0] };
  if (a.length === 0 || b.length === 0) {
    return {
      base: one.base === undefined ? undefined : { value: one.base, reason: "NEW has none" },
      next: one.next === undefined ? undefined : { value: one.next, reason: "BASE has none" },
    };
  }
  if (metric.subject.startsWith("goodput") && toSlos(base) !== toSlos(next)) {
    return withReason(a, b, "different objectives (`--slo`)");
  }
  const share = isShare(metric);
  const repeats = (side: Side, figures: number[]) => estimateRepeats(figures, share, toTrials(side, metric));
  const borrow = (side: Side, figure: number, from: Estimate, count: number) =>
    borrowError(figure, from, count, share, toTrials(side, metric));
  switch (toMethod(base, next)) {
    case "repeats":
      if (a.length < 2 || b.length < 2) return withReason(a, b, "only one of the repeats has it");
      return { base: repeats(base, a), next: repeats(next, b) };
    case "repeats of one side": {
      const isBase = base.runs.length > 1;
      if ((isBase ? a : b).length < 2) return withReason(a, b, "only one of the repeats has it");
      const known = isBase ? repeats(base, a) : repeats(next, b);
      return isBase
        ? { base: known, next: borrow(next, b[0] as number, known, a.length) }
        : { base: borrow(base, a[0] as number, known, b.length), next: known };
    }
    case "blocks":
      return {
        base: toBlockEstimate(base, metric, a[0] as number),
        next: toBlockEstimate(next, metric, b[0] as number),
      };
  }
}

function withReason([a]: number[], [b]: number[], reason: string) {
  return { base: { value: a as number, reason }, next: { value: b as number, reason } };
}

function toBlockEstimate(side: Side, metric: ComparedMetric, value: number): Estimate {
  const found = side.estimates?.[toMetricKey(metric)];
  const reason = side.estimates === undefined ? "there is no journal" : "only repeats give it an interval";
  return found ?? { value, reason };
}

function toSlos({ runs }: Side): string {
  return JSON.stringify(
    runs[0]?.figures.goodput?.slos.map(({ metric, limitMs }) => [metric, limitMs]).sort(),
  );
}

/** The figure of each run that has it. */
export function toFigures({ runs }: Side, metric: ComparedMetric): number[] {
  const { of } = findFigure(toMetricKey(metric));
  return runs.flatMap(({ figures }) => of(figures) ?? []);
}

/** The requests that a share is based on, over all runs. */
function toTrials({ runs }: Side, { subject }: ComparedMetric): number | undefined {
  const counts = runs.map(({ figures }) => toCount(figures, subject));
  return counts.some((count) => count === undefined)
    ? undefined
    : counts.reduce<number>((sum, count) => sum + (count as number), 0);
}

function toCount({ requests: { byVerdict }, goodput }: RunFigures, subject: string): number | undefined {
  const complete = byVerdict.complete ?? 0;
  if (subject === "truncated" || subject === "stopped") return complete;
  if (subject === "goodput") return goodput && goodput.met + goodput.missed + goodput.neverSent;
  if (subject !== "success") return undefined;
  return FAILED_VERDICTS.reduce((sum, verdict) => sum + (byVerdict[verdict] ?? 0), complete);
}
