// When requests failed, and of what: one stack of bars an interval, patterned by verdict.
import { formatNumber } from "../../../../lib/core/units.ts";
import type { TimeSeries } from "../../../summary/series/report-data.ts";
import { colourOf, type Theme } from "../theme.ts";
import { bottomAxis, frame, grid, legend, toClockStep, valueAxis } from "./axes.ts";
import type { Chart, Look } from "./chart.ts";
import { formatClock, listed } from "./words.ts";

/** Undefined where nothing failed. */
export function toFailureChart(time: TimeSeries): Chart | undefined {
  const failures = time.failures
    .map(({ verdict, counts }) => ({ verdict, counts, total: sum(counts) }))
    .filter(({ total }) => total > 0);
  if (failures.length === 0) return undefined;
  const perInterval = time.seconds.map((_, at) => sum(failures.map(({ counts }) => counts[at] ?? 0)));
  const most = Math.max(...perInterval);
  const when = formatClock(Math.floor(time.seconds[perInterval.indexOf(most)] ?? 0));
  const finding = `${formatNumber(sum(perInterval), "count")} requests did not complete: ${listed(
    failures.map(({ verdict, total }) => `${formatNumber(total, "count")} × ${verdict}`),
  )}. Most of them about ${when} into the run (${most} in ${time.stepSeconds} s).`;
  return {
    id: "time-failures",
    section: "failures",
    title: "Requests that did not complete",
    finding,
    height: 270,
    isWide: true,
    option: (look) => ({
      ...frame(look, finding),
      aria: { enabled: true, label: { description: finding }, decal: { show: true } },
      legend: { ...legend(look), itemHeight: 14 },
      grid: grid(
        look,
        failures.map(({ verdict }) => verdict),
      ),
      tooltip: { ...frame(look, finding).tooltip, trigger: "axis", axisPointer: { type: "shadow" } },
      xAxis: {
        ...bottomAxis(look.theme, "time since the load began (m:ss)", () => ""),
        type: "category",
        data: time.seconds.map((second) => formatClock(second - time.stepSeconds / 2)),
        ...roundLabels(look, time),
      },
      yAxis: {
        ...valueAxis(look.theme, "requests", (count) => formatNumber(count, "count")),
        minInterval: 1,
      },
      series: failures.map(({ verdict, counts }, index) => ({
        type: "bar" as const,
        name: verdict,
        stack: "failures",
        data: counts.slice(),
        barCategoryGap: "10%",
        itemStyle: { color: toColour(look.theme, index) },
        ...(index === 0 && phaseBars(look.theme, time)),
      })),
    }),
    table: () => ({
      columns: ["from", ...failures.map(({ verdict }) => verdict)],
      rows: time.seconds.flatMap((second, at) =>
        perInterval[at] === 0
          ? []
          : [
              [
                formatClock(second - time.stepSeconds / 2),
                ...failures.map(({ counts }) => formatNumber(counts[at], "count")),
              ],
            ],
      ),
    }),
  };
}

/** Labels at the same round times as in the other charts, though the axis counts intervals. */
function roundLabels({ theme, width }: Look, { seconds, stepSeconds }: TimeSeries) {
  const step = Math.max(stepSeconds, toClockStep((seconds.length * stepSeconds) / (width < 480 ? 4 : 8)));
  const every = Math.round(step / stepSeconds);
  const interval = (index: number) => index % every === 0;
  return {
    // A shaded phase reaches to the next tick: one at each interval, too many to be shown.
    axisTick: { show: false, interval: 0 },
    axisLabel: { color: theme.muted, fontSize: 11, interval, hideOverlap: true },
  };
}

function toColour(theme: Theme, index: number): string {
  return index === 0 ? theme.bad : colourOf(theme, index);
}

/** The shaded phases on an axis of intervals. */
function phaseBars(theme: Theme, { seconds, phases }: TimeSeries) {
  const areas = phases
    .filter(({ name }) => name !== "measure")
    .map(({ name, from, to }) => {
      const inside = seconds.flatMap((second, at) => (second >= from && second < to ? [at] : []));
      return { name: name === "warmup" ? "warm-up" : "cool-down", first: inside[0], last: inside.at(-1) };
    })
    .filter(({ first }) => first !== undefined);
  if (areas.length === 0) return {};
  return {
    markArea: {
      silent: true,
      itemStyle: { color: theme.shade },
      label: { color: theme.muted, fontSize: 11, position: "insideTopLeft" as const },
      data: areas.map(({ name, first, last }) => [{ name, xAxis: first }, { xAxis: last }]) as [
        { name: string; xAxis: number },
        { xAxis: number },
      ][],
    },
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
