// The figures that are compared: those of every comparison, and those that requirements name.
import type { StatisticName } from "../../../lib/core/goals/requirement.ts";
import { SUBJECTS, type Subject, type SubjectKey } from "../../../lib/core/goals/requirement-subjects.ts";
import type { Unit } from "../../../lib/core/units.ts";
import { type FigureKey, findFigure, SHOWN, toFigureKey } from "../../summary/figures.ts";

export interface ComparedMetric {
  subject: SubjectKey;
  /** For a trend. */
  statistic?: StatisticName;
  certified?: true;
}

/** The figures of every comparison. */
export const HEADLINE: readonly ComparedMetric[] = SHOWN.comparison.map((key) => {
  const [subject, statistic] = key.split(".") as [SubjectKey, StatisticName | undefined];
  return { subject, ...(statistic && { statistic }) };
});

/** "ttft.p95", "ttft.p95.certified", "success". */
export function toMetricKey({ subject, statistic, certified }: ComparedMetric): FigureKey {
  return toFigureKey(subject, statistic, certified);
}

export function toSubject({ subject }: ComparedMetric): Subject {
  return SUBJECTS.find(({ key }) => key === subject) as Subject;
}

export function toUnit(metric: ComparedMetric): Unit {
  return findFigure(toMetricKey(metric)).unit;
}

/** The difference of a share is in percentage points, and its base may be 0. */
export function isShare(metric: ComparedMetric): boolean {
  return toUnit(metric) === "share";
}
