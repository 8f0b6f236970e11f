// What changed during the run: medians, p95 and largest values of each interval; rates; requests in flight.
import { formatNumber } from "../../../../lib/core/units.ts";
import type { Band, TimeSeries } from "../../../summary/series/report-data.ts";
import type { Axis, LinesChart, Shade } from "../chart-spec.ts";
import { formatClock } from "../pictures/axis-numbers.ts";
import { formatMs, toMsAxis } from "./chart-words.ts";
import { toFailureSpans } from "./failure-spans.ts";

const BAND = [
  ["median", "p50"],
  ["p95", "p95"],
  ["largest", "max"],
] as const;

const PHASE_WORDS = { warmup: "warm-up", cooldown: "cool-down" } as const;

/** From the beginning of the first interval to the end of the last one. */
export function toTimeAxis({ seconds, stepSeconds }: TimeSeries): Axis & { min: number; max: number } {
  const half = stepSeconds / 2;
  return {
    title: "time since the load began (m:ss)",
    unit: "clock",
    min: Math.min(0, (seconds[0] ?? 0) - half),
    max: (seconds.at(-1) ?? 0) + half,
  };
}

/** Warm-up and cool-down. */
export function toPhaseShades({ phases }: TimeSeries): Shade[] {
  return phases.flatMap(({ name, from, to }) =>
    name === "measure" ? [] : [{ label: PHASE_WORDS[name], from, to }],
  );
}

/** Warm-up, cool-down and the times in which requests failed. */
export function toShades(time: TimeSeries): Shade[] {
  const failures = toFailureSpans(time).map((span) => ({ label: "failures", ...span, isBad: true }));
  return [...toPhaseShades(time), ...failures];
}

/** A line over the intervals; a value that is not known breaks it. */
function toPoints({ seconds }: TimeSeries, values: readonly (number | null)[]) {
  return seconds.map((x, at) => ({ x, y: values[at] ?? undefined }));
}

function overIntervals(time: TimeSeries): Pick<LinesChart, "kind" | "x" | "shades" | "isReadAcross"> {
  return {
    kind: "lines",
    x: { ...toTimeAxis(time), interval: time.stepSeconds, column: "from" },
    shades: toShades(time),
    isReadAcross: true,
  };
}

/** Undefined where no interval has a value. */
export function toBandChart(
  time: TimeSeries,
  band: Band | undefined,
  { id, title }: { id: string; title: string },
): LinesChart | undefined {
  if (band === undefined || band.max.every((value) => value === null)) return undefined;
  return {
    ...overIntervals(time),
    id,
    title,
    description: toBandFinding(title, band, time),
    legend: "By when the requests began.",
    height: 250,
    y: toMsAxis("", known(band.p50), known(band.max)),
    // Median, p95 and largest value of an interval with one request are one point.
    isNested: true,
    series: BAND.map(([name, key]) => ({ name, points: toPoints(time, band[key]) })),
  };
}

function toBandFinding(title: string, band: Band, { seconds }: TimeSeries): string {
  const medians = known(band.p50);
  const largest = Math.max(...known(band.max));
  const when = seconds[band.max.indexOf(largest)] ?? 0;
  const from = formatMs(Math.min(...medians));
  const to = formatMs(Math.max(...medians));
  const range = from === to ? `at ${from}` : `between ${from} and ${to}`;
  return `${title}: the median of an interval lay ${range}; the largest value was ${formatMs(largest)}, about ${formatClock(Math.floor(when))} into the run.`;
}

/** One line: a rate or a number of something. Undefined where it is 0 throughout. */
export function toRateChart(
  time: TimeSeries,
  values: readonly (number | null)[],
  { id, title, unit, colour }: { id: string; title: string; unit: string; colour: number },
): LinesChart | undefined {
  const all = known(values);
  if (!all.some((value) => value > 0)) return undefined;
  const show = (value: number) => formatNumber(value, "ratio");
  const largest = Math.max(...all);
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
  const when = formatClock(Math.floor(time.seconds[values.indexOf(largest)] ?? 0));
  return {
    ...overIntervals(time),
    id,
    title,
    description: `${title}: ${show(mean)} on average over the whole run, at most ${show(largest)}, about ${when} into it.`,
    height: 210,
    y: { title: unit, unit },
    // The area shows that it counts from 0.
    series: [{ name: title, points: toPoints(time, values), isFilled: true, colour }],
  };
}

function known(values: readonly (number | null)[]): number[] {
  return values.filter((value) => value !== null);
}
