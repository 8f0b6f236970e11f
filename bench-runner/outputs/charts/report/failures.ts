// When requests failed, and of what: one stack of bars an interval, patterned by verdict.
import { formatNumber } from "../../../../lib/core/units.ts";
import type { TimeSeries } from "../../../summary/series/report-data.ts";
import type { BarsChart } from "../chart-spec.ts";
import { formatClock } from "../pictures/axis-numbers.ts";
import { listed } from "./chart-words.ts";
import { toPhaseShades, toTimeAxis } from "./over-time.ts";

/** Undefined where nothing failed. */
export function toFailureChart(time: TimeSeries): BarsChart | undefined {
  const { seconds, stepSeconds } = time;
  const failures = time.failures
    .map(({ verdict, counts }) => ({ verdict, counts, total: sum(counts) }))
    .filter(({ total }) => total > 0);
  if (failures.length === 0) return undefined;
  const perInterval = seconds.map((_, at) => sum(failures.map(({ counts }) => counts[at] ?? 0)));
  const verdicts = listed(
    failures.map(({ verdict, total }) => `${formatNumber(total, "count")} × ${verdict}`),
  );
  const total = sum(perInterval);
  return {
    kind: "bars",
    id: "time-failures",
    title: "Requests that did not complete",
    description: `${formatNumber(total, "count")} ${total === 1 ? "request" : "requests"} did not complete: ${verdicts}. ${toWhen(perInterval, time)}`,
    isWide: true,
    x: {
      ...toTimeAxis(time),
      min: (seconds[0] ?? 0) - stepSeconds / 2,
      interval: stepSeconds,
      column: "from",
    },
    y: { title: "requests", unit: "count" },
    categories: seconds.map((second) => formatClock(second - stepSeconds / 2)),
    isStacked: true,
    shades: toPhaseShades(time),
    series: failures.map(({ verdict, counts }, index) => ({
      name: verdict,
      values: counts,
      colour: index === 0 ? "bad" : index,
    })),
  };
}

/** Most of them in one interval, or from the first to the last. @param counts of each interval */
function toWhen(counts: readonly number[], { seconds, stepSeconds }: TimeSeries): string {
  const total = sum(counts);
  const clock = (at: number, half: number) => formatClock((seconds[at] ?? 0) + half * stepSeconds);
  const largest = Math.max(...counts);
  const first = counts.findIndex((count) => count > 0);
  const last = counts.findLastIndex((count) => count > 0);
  if (first === last)
    return `${total === 1 ? "It ended" : "All of them ended"} about ${clock(first, -0.5)} into the run.`;
  if (largest > total / 2) {
    const at = clock(counts.indexOf(largest), -0.5);
    return `Most of them about ${at} into the run (${formatNumber(largest, "count")} in ${stepSeconds} s).`;
  }
  return `They ended between ${clock(first, -0.5)} and ${clock(last, 0.5)}, at most ${formatNumber(largest, "count")} of them in ${stepSeconds} s.`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
