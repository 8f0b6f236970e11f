// Which figures are compared: the headline of every comparison, fixed and short, and what a requirement asks for besides.

import type { StatisticName } from "../../../lib/core/goals/requirement.ts";
import {
  type ScalarKey,
  SUBJECTS,
  type Subject,
  type SubjectKey,
} from "../../../lib/core/goals/requirement-subjects.ts";
import { METRICS } from "../../../lib/core/request/metrics.ts";
import type { TrendKey } from "../../../lib/core/request/trends.ts";
import type { Unit } from "../../../lib/core/units.ts";
import { type FigureKey, toFigureKey } from "../../summary/figures.ts";

export interface ComparedMetric {
  subject: SubjectKey;
  /** Of a trend. */
  statistic?: StatisticName;
  certified?: true;
}

const metric = (subject: SubjectKey, ...statistics: StatisticName[]): ComparedMetric[] =>
  statistics.length === 0 ? [{ subject }] : statistics.map((statistic) => ({ subject, statistic }));

/** More metrics find more differences that are none: what repeats another one is not among them. */
export const HEADLINE: readonly ComparedMetric[] = [
  ...metric("success"),
  ...metric("goodput"),
  ...metric("ttft", "mean", "median", "p95", "p99"),
  ...metric("scheduledTtft", "median", "p95"),
  ...metric("tpot", "median", "p95"),
  ...metric("itl", "median", "p99"),
  ...metric("e2e", "median", "p95"),
  ...metric("requestsPerSecond"),
  ...metric("outputTokensPerSecond"),
  ...metric("totalTokensPerSecond"),
  ...metric("truncated"),
];

/** "ttft.p95", "ttft.p95.certified", "success". */
export function toMetricKey({ subject, statistic, certified }: ComparedMetric): FigureKey {
  return toFigureKey(subject, statistic, certified);
}

export function toSubject({ subject }: ComparedMetric): Subject {
  return SUBJECTS.find(({ key }) => key === subject) as Subject;
}

export function toUnit(metric: ComparedMetric): Unit {
  return metric.statistic === "count" ? "count" : toSubject(metric).unit;
}

/** Its difference is in points, and there may be nothing of it. */
export function isShare(metric: ComparedMetric): boolean {
  return toUnit(metric) === "share";
}

const SCALAR_TITLES: Record<ScalarKey, string> = {
  success: "Success rate",
  truncated: "Truncated",
  stopped: "Stopped",
  goodput: "Goodput",
  achieved: "Achieved of the rate",
  goodputPerSecond: "Goodput per second",
  requestsPerSecond: "Requests per second",
  outputTokensPerSecond: "Output tokens per second",
  totalTokensPerSecond: "Total tokens per second",
  completed: "Completed",
  failed: "Failed",
  dropped: "Dropped",
};

/** "TTFT p95". */
export function toTitle(metric: ComparedMetric): string {
  const { subject, statistic, certified } = metric;
  if (subject in SCALAR_TITLES) return SCALAR_TITLES[subject as ScalarKey];
  return [METRICS[subject as TrendKey].about.title, statistic, certified && "certified"]
    .filter(Boolean)
    .join(" ");
}
