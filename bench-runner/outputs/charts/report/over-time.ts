// What changed during the run: medians, p95 and largest values of each interval; rates; requests in flight.
import { formatNumber } from "../../../../lib/core/units.ts";
import type { Band, Rates, TimeSeries } from "../../../summary/series/report-data.ts";
import type { Axis, LinesChart, LinesSeries, Shade } from "../chart-spec.ts";
import { formatClock } from "../pictures/axis-numbers.ts";
import { formatMs, toMsAxis } from "./chart-words.ts";
import { toFailureSpans } from "./failure-spans.ts";

const BAND = [
  ["median", "p50"],
  ["p95", "p95"],
  ["largest", "max"],
] as const;

const SHADED_PHASES = new Map([
  ["warmup", "warm-up"],
  ["cooldown", "cool-down"],
]);

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
  return phases.flatMap(({ name, from, to }) => {
    const label = SHADED_PHASES.get(name);
    return label === undefined ? [] : [{ label, from, to }];
  });
}

/** Warm-up, cool-down and the times in which requests failed. */
export function toShades(time: TimeSeries): Shade[] {
  const failures = toFailureSpans(time).map((span) => ({ label: "failures", ...span, isBad: true }));
  return [...toPhaseShades(time), ...failures];
}

/** A line over the intervals; a value that is not known breaks it. */
function toPoints({ seconds }: Pick<TimeSeries, "seconds">, values: readonly (number | null)[]) {
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

/** Undefined where no request has a value. */
export function toBandChart(
  time: TimeSeries,
  band: Band | undefined,
  { id, title }: { id: string; title: string },
): LinesChart | undefined {
  if (band === undefined) return undefined;
  const singles = band.single.map(([, value]) => value);
  const [medians, largest] = [known(band.p50), known(band.max)];
  if (largest.length + singles.length === 0) return undefined;
  const lines: LinesSeries[] = BAND.map(([name, key]) => ({
    name,
    points: toPoints(time, band[key]),
    // Largest values jump from interval to interval: a line between them would say nothing.
    ...(key === "max" && { line: "none" }),
  }));
  const dots: LinesSeries = {
    name: "single requests",
    points: band.single.map(([x, y]) => ({ x, y })),
    line: "none",
    isExact: true,
    colour: largest.length === 0 ? 0 : BAND.length,
  };
  return {
    ...overIntervals(time),
    id,
    title,
    description: `${title}: ${toBandFinding(band, time)}`,
    legend: toLegend(largest.length, singles.length),
    height: 230,
    y: toMsAxis("", [...medians, ...singles], [...largest, ...singles]),
    series: [...(largest.length === 0 ? [] : lines), ...(singles.length === 0 ? [] : [dots])],
  };
}

function toLegend(intervals: number, singles: number): string {
  const began = "By when the requests began.";
  if (singles === 0) return began;
  return intervals === 0
    ? `${began} Each dot is one request.`
    : `${began} An interval with fewer than ten requests shows each as a dot.`;
}

/** "the median of an interval lay between …", or the ends of single values. */
function toBandFinding({ p50, max, single }: Band, { seconds }: TimeSeries): string {
  const medians = known(p50);
  const highest = Math.max(...known(max), ...single.map(([, value]) => value));
  const when = sayWhen(
    [...seconds.map((at, index) => [at, max[index] ?? null] as const), ...single],
    formatMs,
  );
  if (medians.length === 0 && single.length === 1) return `the only request took ${formatMs(highest)}.`;
  const values = medians.length === 0 ? single.map(([, value]) => value) : medians;
  const [from, to] = [formatMs(Math.min(...values)), formatMs(Math.max(...values))];
  const range = from === to ? `at ${from}` : `between ${from} and ${to}`;
  const what = medians.length === 0 ? "the requests" : "the median of an interval";
  const most = from === formatMs(highest) ? "" : `; the largest value was ${formatMs(highest)}${when}`;
  return `${what} lay ${range}${most}.`;
}

/** ", about 1:31 into the run", where the largest value was reached once; "" where it was reached again and again. */
function sayWhen(
  values: readonly (readonly [seconds: number, value: number | null])[],
  show: (value: number) => string,
): string {
  const largest = Math.max(...known(values.map(([, value]) => value)));
  const [at, ...more] = values.filter(([, value]) => value !== null && show(value) === show(largest));
  return at === undefined || more.length > 0 ? "" : `, about ${formatClock(Math.floor(at[0]))} into the run`;
}

/** Fewer intervals show no course. */
const FEWEST_RATES = 3;

/** Completed requests in their own intervals; undefined where those are too few. */
export function toCountChart(time: TimeSeries, rates: Rates, words: RateWords): LinesChart | undefined {
  if (known(rates.values).length < FEWEST_RATES) return undefined;
  return toRateChart(time, rates.values, words, rates);
}

interface RateWords {
  id: string;
  title: string;
  unit: string;
  colour: number;
}

/** One line: a rate or a number of something. Undefined where it is 0 throughout. */
export function toRateChart(
  time: TimeSeries,
  values: readonly (number | null)[],
  { id, title, unit, colour }: RateWords,
  { seconds, stepSeconds }: Pick<Rates, "seconds" | "stepSeconds"> = time,
): LinesChart | undefined {
  const all = known(values);
  if (!all.some((value) => value > 0)) return undefined;
  const show = (value: number) => formatNumber(value, "ratio");
  const largest = Math.max(...all);
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
  const when = sayWhen(
    seconds.map((at, index) => [at, values[index] ?? null]),
    show,
  );
  const most = show(mean) === show(largest) ? "" : `, at most ${show(largest)}${when}`;
  const over = overIntervals(time);
  return {
    ...over,
    x: { ...over.x, interval: stepSeconds },
    id,
    title,
    description: `${title}: ${show(mean)} on average over the whole run${most}.`,
    height: 210,
    y: { title: unit, unit },
    // The area shows that it counts from 0.
    series: [{ name: title, points: toPoints({ seconds }, values), isFilled: true, colour }],
  };
}

function known(values: readonly (number | null)[]): number[] {
  return values.filter((value) => value !== null);
}
