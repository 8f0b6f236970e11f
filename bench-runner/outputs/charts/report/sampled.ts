// What was sampled during the load: the server's own figures, the machine, the GPUs; one chart for each group and unit.
import type { ReportData, SampledSeries, TimeSeries } from "../../../summary/series/report-data.ts";
import type { LinesChart } from "../chart-spec.ts";
import { breakGaps } from "../line-gaps.ts";
import { formatOverTime } from "../pictures/axis-numbers.ts";
import { toShades, toTimeAxis } from "./over-time.ts";

/** More lines than this in one chart cannot be told apart. */
const MOST_LINES = 4;

const GROUPS = { server: "Server", machine: "Machine", gpu: "GPU" } as const;
const QUANTITIES: Record<SampledSeries["unit"], string> = {
  count: "requests and slots",
  cores: "busy cores",
  bytes: "memory",
  "tokens/s": "tokens per second",
  share: "shares",
  W: "power",
  "°C": "temperature",
  "requests/s": "requests per second",
};

export function toSampledCharts({ series, time }: Pick<ReportData, "series" | "time">): LinesChart[] {
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

function toChart(id: string, all: SampledSeries[], time: TimeSeries): LinesChart {
  const [{ group, unit, label }] = all as [SampledSeries];
  const isPart = unit === "share" && all.every(({ points }) => points.every(([, value]) => value <= 1));
  // Their numbers have their unit at the axis.
  const isNamed = unit !== "count" && unit !== "share" && unit !== "bytes";
  return {
    kind: "lines",
    id,
    title: all.length === 1 ? label : `${GROUPS[group]}: ${QUANTITIES[unit]}`,
    description: all.map(toFinding).join(" "),
    height: 240,
    x: { ...toTimeAxis(time), column: "at" },
    y: { title: isNamed ? unit : "", unit, ...(isPart && { max: 1 }) },
    shades: toShades(time),
    isReadAcross: true,
    series: all.map((one) => ({
      name: one.label,
      points: breakGaps(one.points.map(([x, y]) => ({ x, y }))),
    })),
  };
}

function toFinding({ label, unit, points }: SampledSeries): string {
  const values = points.map(([, value]) => value);
  const most = formatOverTime(unit, Math.max(...values));
  // Shares of different wholes have no plain mean: the run's own is in the table.
  if (unit === "share") return `${label}: between ${formatOverTime(unit, Math.min(...values))} and ${most}.`;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return `${label}: ${formatOverTime(unit, mean)} on average, at most ${most}.`;
}
