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
  const most = Math.max(...perInterval);
  const when = formatClock(Math.floor(seconds[perInterval.indexOf(most)] ?? 0));
  const verdicts = listed(
    failures.map(({ verdict, total }) => `${formatNumber(total, "count")} × ${verdict}`),
  );
  const total = formatNumber(sum(perInterval), "count");
  return {
    kind: "bars",
    id: "time-failures",
    title: "Requests that did not complete",
    description: `${total} requests did not complete: ${verdicts}. Most of them about ${when} into the run (${most} in ${stepSeconds} s).`,
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

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
