// What changed during the run: medians, p95 and largest values of each interval; rates; requests in flight.
import type { EChartsOption } from "echarts";
import { formatNumber } from "../../../../lib/core/units.ts";
import type { Band, ReportData, TimeSeries } from "../../../summary/series/report-data.ts";
import { colourOf, type Theme } from "../theme.ts";
import { clockAxis, frame, grid, legend, line, phaseAreas, valueAxis } from "./axes.ts";
import type { Chart, Look, Section } from "./chart.ts";
import { formatClock, formatMs, formatTick } from "./words.ts";

const BAND = [
  ["median", "p50"],
  ["p95", "p95"],
  ["largest", "max"],
] as const;

/** A largest value of so many times the smallest median would press the medians flat on an even scale. */
const LOG_FROM = 40;

/** Undefined where no interval has a value. */
export function toBandChart(
  data: ReportData,
  band: Band | undefined,
  { id, section, title }: { id: string; section: Section; title: string },
): Chart | undefined {
  const { time } = data;
  if (band === undefined || band.max.every((value) => value === null)) return undefined;
  const finding = toBandFinding(title, band, time);
  return {
    id,
    section,
    title,
    finding,
    legend: "By when the requests were begun.",
    height: 250,
    option: (look) => toBandOption(band, time, look, finding),
    table: () => ({
      columns: ["from", ...BAND.map(([name]) => name)],
      rows: time.seconds.flatMap((second, at) =>
        band.max[at] == null
          ? []
          : [[formatClock(second - time.stepSeconds / 2), ...BAND.map(([, key]) => formatMs(band[key][at]))]],
      ),
    }),
  };
}

function toBandFinding(title: string, band: Band, { seconds }: TimeSeries): string {
  const medians = known(band.p50);
  const largest = Math.max(...known(band.max));
  const when = seconds[band.max.indexOf(largest)] ?? 0;
  const from = Math.min(...medians);
  const to = Math.max(...medians);
  const range =
    formatMs(from) === formatMs(to)
      ? `at ${formatMs(from)}`
      : `between ${formatMs(from)} and ${formatMs(to)}`;
  return `${title}: the median of an interval lay ${range}; the largest value was ${formatMs(largest)}, about ${formatClock(Math.floor(when))} into the run.`;
}

function toBandOption(band: Band, time: TimeSeries, look: Look, finding: string): EChartsOption {
  const { theme } = look;
  const smallest = Math.min(...known(band.p50).filter((value) => value > 0));
  const isLog = Math.max(...known(band.max)) / smallest > LOG_FROM;
  const yAxis = valueAxis(theme, isLog ? "by magnitude" : "", formatTick);
  const shown = (value: number | null) => (isLog && value !== null && value <= 0 ? smallest : value);
  return {
    ...frame(look, finding),
    legend: legend(look),
    grid: grid(
      look,
      BAND.map(([name]) => name),
    ),
    tooltip: {
      ...frame(look, finding).tooltip,
      trigger: "axis",
      valueFormatter: (value) => formatMs(typeof value === "number" ? value : undefined) || "–",
    },
    xAxis: clockAxis(look, ...toSpan(time)),
    yAxis: isLog ? { ...yAxis, type: "log", min: 10 ** Math.floor(Math.log10(smallest)) } : yAxis,
    series: BAND.map(([name, key], index) => ({
      ...line(
        theme,
        index,
        name,
        time.seconds.map((second, at) => [second, shown(band[key][at] ?? null)]),
      ),
      ...aroundTheFirst(theme, index),
      ...(index === 0 && phaseAreas(theme, time)),
    })),
  };
}

/** Median, p95 and largest value of one request are one point: they are seen one around the other, the outer ones hollow. */
function aroundTheFirst(theme: Theme, index: number) {
  if (index === 0) return { z: 9 };
  const itemStyle = { color: theme.surface, borderColor: colourOf(theme, index), borderWidth: 1.5 };
  return { symbolSize: 5 + 3 * index, z: 9 - index, itemStyle };
}

/** One line: a rate or a number of something. Undefined where it is 0 throughout. */
export function toRateChart(
  time: TimeSeries,
  values: readonly (number | null)[],
  { id, title, unit, index }: { id: string; title: string; unit: string; index: number },
): Chart | undefined {
  const there = known(values);
  if (!there.some((value) => value > 0)) return undefined;
  const show = (value: number) => formatNumber(value, "ratio");
  const largest = Math.max(...there);
  const mean = there.reduce((sum, value) => sum + value, 0) / there.length;
  const when = formatClock(Math.floor(time.seconds[values.indexOf(largest)] ?? 0));
  const finding = `${title}: ${show(mean)} on average over the whole run, at most ${show(largest)}, about ${when} into it.`;
  return {
    id,
    section: "time",
    title,
    finding,
    height: 210,
    option: (look) => ({
      ...frame(look, finding),
      grid: grid(look),
      tooltip: {
        ...frame(look, finding).tooltip,
        trigger: "axis",
        valueFormatter: (value) => (typeof value === "number" ? `${show(value)} ${unit}` : "–"),
      },
      xAxis: clockAxis(look, ...toSpan(time)),
      yAxis: { ...valueAxis(look.theme, unit, show), min: 0 },
      series: [
        {
          ...line(
            look.theme,
            index,
            title,
            time.seconds.map((second, at) => [second, values[at] ?? null]),
          ),
          // One line needs no dashes; the area says that it counts from 0.
          lineStyle: { width: 2 },
          areaStyle: { opacity: 0.12 },
          ...phaseAreas(look.theme, time),
        },
      ],
    }),
    table: () => ({
      columns: ["from", unit],
      rows: time.seconds.flatMap((second, at) => {
        const value = values[at] ?? null;
        return value === null ? [] : [[formatClock(second - time.stepSeconds / 2), show(value)]];
      }),
    }),
  };
}

/** From the beginning of the first interval to the end of the last one. */
export function toSpan({ seconds, stepSeconds }: TimeSeries): [number, number] {
  const half = stepSeconds / 2;
  return [Math.min(0, (seconds[0] ?? 0) - half), (seconds.at(-1) ?? 0) + half];
}

function known(values: readonly (number | null)[]): number[] {
  return values.filter((value) => value !== null);
}
