// What was sampled beside the load: the server's own numbers, the machine, the GPUs; one chart for each group and unit.
import type { ReportData, SampledSeries } from "../../../summary/series/report-data.ts";
import { clockAxis, frame, grid, legend, line, phaseAreas, valueAxis } from "./axes.ts";
import type { Chart } from "./chart.ts";
import { toSpan } from "./over-time.ts";
import { formatClock, formatSample } from "./words.ts";

/** More lines than this in one chart are told apart by nobody. */
const MOST_LINES = 4;

const GROUPS = { server: "Server", machine: "Machine", gpu: "GPU" } as const;
const QUANTITIES: Record<SampledSeries["unit"], string> = {
  count: "requests and slots",
  cores: "busy cores",
  bytes: "memory",
  "tokens/s": "tokens per second",
  share: "shares",
  W: "power",
  "requests/s": "requests per second",
};

export function toSampledCharts({ series, time }: ReportData): Chart[] {
  const parts = new Map<string, SampledSeries[]>();
  for (const one of series) {
    if (one.points.length === 0) continue;
    const name = `${one.group}-${one.unit}`;
    parts.set(name, [...(parts.get(name) ?? []), one]);
  }
  return [...parts].flatMap(([name, all]) =>
    Array.from({ length: Math.ceil(all.length / MOST_LINES) }, (_, part) =>
      toChart(
        `sampled-${name.replace(/\W/g, "-")}${part === 0 ? "" : `-${part + 1}`}`,
        all.slice(part * MOST_LINES, (part + 1) * MOST_LINES),
        time,
      ),
    ),
  );
}

function toChart(id: string, all: SampledSeries[], time: ReportData["time"]): Chart {
  const [{ group, unit, label }] = all as [SampledSeries];
  const title = all.length === 1 ? label : `${GROUPS[group]}: ${QUANTITIES[unit]}`;
  const finding = all.map(toFinding).join(" ");
  const seconds = [...new Set(all.flatMap(({ points }) => points.map(([second]) => second)))].sort(
    (a, b) => a - b,
  );
  return {
    id,
    section: "machine",
    title,
    finding,
    height: 240,
    option: (look) => {
      const [from, to] = toSpan(time);
      return {
        ...frame(look, finding),
        ...(all.length > 1 && { legend: legend(look) }),
        grid: grid(look, all.length > 1 ? all.map((one) => one.label) : []),
        tooltip: {
          ...frame(look, finding).tooltip,
          trigger: "axis",
          valueFormatter: (value) => (typeof value === "number" ? formatSample(value, unit) : "–"),
        },
        xAxis: clockAxis(look, Math.min(from, seconds[0] ?? 0), Math.max(to, seconds.at(-1) ?? 0)),
        yAxis: {
          ...valueAxis(look.theme, unit.includes("/") || unit === "cores" ? unit : "", (value) =>
            formatTickOf(value, unit),
          ),
          min: 0,
          ...(unit === "share" &&
            all.every(({ points }) => points.every(([, value]) => value <= 1)) && { max: 1, interval: 0.25 }),
          ...(unit === "count" && { minInterval: 1 }),
        },
        series: all.map((one, index) => ({
          ...line(look.theme, index, one.label, breakGaps(one.points)),
          ...(index === 0 && phaseAreas(look.theme, time)),
        })),
      };
    },
    table: () => ({
      columns: ["at", ...all.map((one) => one.label)],
      rows: seconds.map((second) => [
        formatClock(second),
        ...all.map(({ points }) => {
          const value = points.find(([at]) => at === second)?.[1];
          return value === undefined ? "" : formatSample(value, unit);
        }),
      ]),
    }),
  };
}

/** A line over a time without samples would claim values that nobody saw: it is broken there. */
export function breakGaps(points: SampledSeries["points"]): (readonly [number, number | null])[] {
  const steps = points.slice(1).map(([second], at) => second - (points[at]?.[0] ?? second));
  const usual = [...steps].sort((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 0;
  return points.flatMap(([second, value], at) => {
    const step = steps[at - 1] ?? 0;
    return step > 3 * usual
      ? [[second - step / 2, null] as const, [second, value] as const]
      : [[second, value] as const];
  });
}

/** The unit stands above the axis, where it is the same for all its values. */
function formatTickOf(value: number, unit: SampledSeries["unit"]): string {
  if (value === 0) return "0";
  return formatSample(value, unit)
    .replace(/ (tokens\/s|requests\/s|cores)$/, "")
    .replace(/\.0+(?=\D)/, "");
}

function toFinding({ label, unit, points }: SampledSeries): string {
  const values = points.map(([, value]) => value);
  const most = Math.max(...values);
  // Shares of different wholes have no plain mean: the run's own stands in the table.
  if (unit === "share")
    return `${label}: between ${formatSample(Math.min(...values), unit)} and ${formatSample(most, unit)}.`;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return `${label}: ${formatSample(mean, unit)} on average, at most ${formatSample(most, unit)}.`;
}
