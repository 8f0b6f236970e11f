// Checks that k6's own summary agrees with the journal. They may differ by the requests that the end of the run interrupted.
import type { K6SummaryData } from "../../../lib/core/goals/console-summary.ts";
import { K6_METRICS } from "../../../lib/core/request/k6-metrics.ts";
import { METRICS, type MetricKey } from "../../../lib/core/request/metrics.ts";
import type { Statistics } from "../../statistics/statistics.ts";
import type { CrossCheck, Difference } from "../summary.ts";

/** The journal's totals over the whole run, all phases included. */
export interface JournalTotals {
  trends: { [K in MetricKey]?: Statistics };
  /** Numbers of complete and of failed requests (neither aborted nor interrupted). */
  complete: number;
  failed: number;
  /** Token gaps of complete requests: Go pushes those of streams that ended properly and without an error. */
  gaps: number;
  interrupted: number;
}

const STATISTICS = {
  min: "min",
  avg: "mean",
  med: "median",
  max: "max",
  "p(90)": "p90",
  "p(95)": "p95",
  "p(99)": "p99",
} as const;

/**
 * Compares counts, and the statistics of trends whose counts are the same.
 * "within_bounds": only counts differ, k6 has fewer, and no more are missing than requests were interrupted.
 */
export function crossCheck(journal: JournalTotals, k6: K6SummaryData | undefined): CrossCheck {
  if (!k6) return { verdict: "unavailable", reason: "k6 wrote no summary", differences: [] };
  const differences = [
    ...compareRate(journal, k6),
    ...compareGaps(journal, k6),
    ...K6_METRICS.flatMap(({ key, k6Name, type, of, isAlias }) =>
      type === "trend" && of !== undefined && !isAlias ? compareTrend(k6Name, journal.trends[key], k6) : [],
    ),
  ];
  const bounded = differences.every(
    ({ metric, statistic, journal: ours, k6: theirs }) =>
      (statistic === "count" && ours - theirs > 0 && ours - theirs <= journal.interrupted) ||
      // A stream whose end k6 did not wait for has many token gaps.
      (metric === METRICS.itl.k6Name && journal.interrupted > 0 && theirs < ours),
  );
  return { verdict: differences.length === 0 ? "exact" : bounded ? "within_bounds" : "off", differences };
}

function compareRate(journal: JournalTotals, k6: K6SummaryData): Difference[] {
  const metric = METRICS.success.k6Name;
  const { passes = 0, fails = 0 } = k6.metrics[metric]?.values ?? {};
  return [
    { metric, statistic: "count", journal: journal.complete, k6: passes },
    { metric, statistic: "count", journal: journal.failed, k6: fails },
  ].filter((row) => row.journal !== row.k6);
}

function compareGaps(journal: JournalTotals, k6: K6SummaryData): Difference[] {
  const metric = METRICS.itl.k6Name;
  const count = k6.metrics[metric]?.values.count;
  return count === undefined || count === journal.gaps
    ? []
    : [{ metric, statistic: "count", journal: journal.gaps, k6: count }];
}

function compareTrend(metric: string, statistics: Statistics | undefined, k6: K6SummaryData): Difference[] {
  const values = k6.metrics[metric]?.values ?? { count: 0 };
  const journalCount = statistics?.count ?? 0;
  const k6Count = values.count ?? journalCount;
  if (journalCount !== k6Count) {
    return [{ metric, statistic: "count", journal: journalCount, k6: k6Count }];
  }
  if (!statistics) return [];
  return Object.entries(STATISTICS).flatMap(([k6Key, key]) => {
    const theirs = values[k6Key];
    const ours = statistics[key];
    return theirs === undefined || isSame(ours, theirs)
      ? []
      : [{ metric, statistic: k6Key, journal: ours, k6: theirs }];
  });
}

/** Equal, allowing for the order of floating-point additions and for rounding to microseconds. */
function isSame(a: number, b: number): boolean {
  return Math.abs(a - b) <= 0.002 + 1e-6 * Math.abs(a);
}
