// The number of a summary that a requirement is about, and whether the requirement holds.

import {
  holds,
  parseRequirement,
  type Requirement,
  type StatisticName,
} from "../../../lib/core/goals/requirement.ts";
import { SCALARS, type ScalarKey, SUBJECTS } from "../../../lib/core/goals/requirement-subjects.ts";
import { FAILED_VERDICTS } from "../../../lib/core/goals/thresholds.ts";
import type { TrendKey } from "../../../lib/core/request/trends.ts";
import type { Unit } from "../../../lib/core/units.ts";
import type { Statistics } from "../../statistics/statistics.ts";
import type { RequirementResult, Summary } from "../summary.ts";

/** Of the measured requests, as everything in a summary. */
export type Figures = Pick<Summary, "metrics" | "rates" | "requests" | "throughput" | "goodput" | "arrivals">;

const SCALAR_FIGURES: Record<ScalarKey, (figures: Figures) => number | undefined> = {
  success: ({ rates }) => rates.success,
  truncated: ({ rates }) => rates.truncated,
  stopped: ({ rates }) => rates.stopped,
  goodput: ({ goodput }) => goodput?.share,
  achieved: ({ arrivals }) =>
    arrivals?.achievedPerSecond === undefined || !arrivals.offeredPerSecond
      ? undefined
      : arrivals.achievedPerSecond / arrivals.offeredPerSecond,
  goodputPerSecond: ({ goodput }) => goodput?.perSecond,
  requestsPerSecond: ({ throughput }) => throughput?.requestsPerSecond,
  outputTokensPerSecond: ({ throughput }) => throughput?.outputTokensPerSecond,
  totalTokensPerSecond: ({ throughput }) => throughput?.totalTokensPerSecond,
  completed: ({ requests }) => requests.byVerdict.complete ?? 0,
  failed: ({ requests }) =>
    FAILED_VERDICTS.reduce((sum, verdict) => sum + (requests.byVerdict[verdict] ?? 0), 0),
  dropped: ({ arrivals }) => arrivals?.dropped,
};

const STATISTIC_KEYS: Readonly<Partial<Record<StatisticName, keyof Statistics>>> = {
  std: "standardDeviation",
};

/** Undefined where the run has no such number: never 0. In the subject's unit. */
export function figureOf(
  figures: Figures,
  { subject, statistic, certified }: Pick<Requirement, "subject" | "statistic" | "certified">,
): number | undefined {
  if (subject in SCALARS) return SCALAR_FIGURES[subject as ScalarKey](figures);
  const statistics = figures.metrics[subject as TrendKey];
  if (statistics === undefined || statistic === undefined) return undefined;
  if (certified) return statistics.certified?.[statistic as "p90" | "p95" | "p99"];
  return statistics[STATISTIC_KEYS[statistic] ?? (statistic as keyof Statistics)] as number | undefined;
}

/** A requirement without a number to judge does not hold. */
export function judge(requirement: Requirement, figures: Figures): RequirementResult {
  const { text, comparison, value: limit, subject, statistic, certified } = requirement;
  const unit = toUnit(requirement);
  const value = figureOf(figures, requirement);
  if (value !== undefined) return { text, ok: holds(value, comparison, limit), value, limit, unit };
  const isUncertified = certified && figures.metrics[subject as TrendKey]?.[statistic as "p90"] !== undefined;
  const reason = isUncertified
    ? `too few requests to certify the ${statistic}`
    : "the run has no such number";
  return { text, ok: false, limit, unit, reason };
}

/** Judges texts that were checked before the run. @throws OptionError */
export function judgeAll(texts: readonly string[], figures: Figures): RequirementResult[] {
  return texts.map((text) => judge(parseRequirement(text, "`--require`"), figures));
}

function toUnit({ subject, statistic }: Requirement): Unit {
  if (statistic === "count") return "count";
  return SUBJECTS.find(({ key }) => key === subject)?.unit ?? "ratio";
}
