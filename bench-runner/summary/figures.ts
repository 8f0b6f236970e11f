// The table of the figures of a run: name, unit, direction and value of each, and where each is shown. Everything that
// shows, compares or judges a figure names its key.
//
// Key, unit and direction of what a requirement can be about are in lib/core/goals/requirement-subjects.ts, because k6 also
// reads them; their titles and values are here, and the compiler checks that none is missing.
import type { Ends } from "../../lib/core/ends.ts";
import type { StatisticName } from "../../lib/core/goals/requirement.ts";
import { SCALARS, type ScalarKey, SUBJECTS } from "../../lib/core/goals/requirement-subjects.ts";
import { FAILED_VERDICTS } from "../../lib/core/goals/thresholds.ts";
import { toSnake } from "../../lib/core/key-names.ts";
import { METRICS } from "../../lib/core/request/metrics.ts";
import type { TrendKey } from "../../lib/core/request/trends.ts";
import type { Unit } from "../../lib/core/units.ts";
import type { EndStatistics, StatisticField, Statistics } from "../statistics/statistics.ts";
import { toCachedShare } from "./cached-share.ts";
import type { Goodput, Group, Steady, Summary } from "./summary.ts";

/** What figures are read from: a summary, or a part of it such as a group of requests or the steady state. */
export type Measured = Partial<
  Pick<
    Summary,
    | "metrics"
    | "rates"
    | "requests"
    | "throughput"
    | "goodput"
    | "arrivals"
    | "gpus"
    | "server"
    | "tokens"
    | "groups"
  >
>;

/** The latencies of a part of a summary, and its rates or throughput. */
export function toMeasured({ metrics, ...more }: Group | Steady): Measured {
  return "throughput" in more ? { metrics, throughput: more.throughput } : { metrics, rates: more.rates };
}

type CertifiedName = "p90" | "p95" | "p99";
/** A statistic of a metric: `ttft.p95`, `ttft.p95.certified`. */
export type TrendFigureKey = `${TrendKey}.${StatisticName}` | `${TrendKey}.${CertifiedName}.certified`;
export type FigureKey = ScalarKey | keyof typeof MORE | TrendFigureKey;

export interface Figure {
  key: FigureKey;
  /** "Output tokens per second", "TTFT median": the full title. */
  title: string;
  /** "output tokens/s", "TTFT p50": a column heading or a part of a line. */
  short: string;
  unit: Unit;
  /** Undefined if neither is better, as for prompt tokens. */
  better: "lower" | "higher" | undefined;
  /** The value in `unit`; undefined if the run has no such figure, never 0. */
  of: (measured: Measured) => number | undefined;
  /** The ends of the value where it is known only as a range: `of` is the end that does not flatter the server. */
  endsOf: (measured: Measured) => Ends | undefined;
  /** Its column in CSV files. */
  column: string;
}

interface Words {
  title: string;
  short: string;
  of: Figure["of"];
  endsOf?: Figure["endsOf"];
  /** The column in CSV files, if it is not the key in snake case. */
  column?: string;
}

const OF_SCALARS: Readonly<Record<ScalarKey, Words>> = {
  success: {
    title: "Success rate",
    short: "success",
    column: "success_rate",
    of: ({ rates }) => rates?.success,
  },
  truncated: {
    title: "Truncated",
    short: "truncated",
    column: "truncated_rate",
    of: ({ rates }) => rates?.truncated,
  },
  stopped: {
    title: "Stopped",
    short: "stopped",
    column: "stopped_rate",
    of: ({ rates }) => rates?.stopped,
  },
  goodput: {
    title: "Goodput",
    short: "goodput",
    column: "goodput_share",
    of: ({ goodput }) => goodput?.share,
    endsOf: ({ goodput }) => goodput && toGoodputEnds(goodput),
  },
  achieved: {
    title: "Achieved share of the rate",
    short: "achieved",
    of: ({ arrivals }) =>
      arrivals?.achievedPerSecond === undefined || !arrivals.offeredPerSecond
        ? undefined
        : arrivals.achievedPerSecond / arrivals.offeredPerSecond,
  },
  goodputPerSecond: {
    title: "Goodput per second",
    short: "good requests/s",
    of: ({ goodput }) => goodput?.perSecond,
    endsOf: ({ goodput }) => goodput && toGoodputRateEnds(goodput),
  },
  requestsPerSecond: {
    title: "Requests per second",
    short: "requests/s",
    of: ({ throughput }) => throughput?.requestsPerSecond,
  },
  outputTokensPerSecond: {
    title: "Output tokens per second",
    short: "output tokens/s",
    of: ({ throughput }) => throughput?.outputTokensPerSecond,
  },
  totalTokensPerSecond: {
    title: "Total tokens per second",
    short: "total tokens/s",
    of: ({ throughput }) => throughput?.totalTokensPerSecond,
  },
  completed: {
    title: "Completed",
    short: "complete",
    of: ({ requests }) => requests && (requests.byVerdict.complete ?? 0),
  },
  failed: {
    title: "Failed",
    short: "failed",
    of: ({ requests }) =>
      requests && FAILED_VERDICTS.reduce((sum, verdict) => sum + (requests.byVerdict[verdict] ?? 0), 0),
  },
  dropped: {
    title: "Dropped",
    short: "dropped",
    of: ({ arrivals }) => arrivals?.dropped,
  },
};

/** Figures that no requirement can be about. */
const MORE = {
  offeredPerSecond: {
    title: "Offered requests per second",
    short: "offered requests/s",
    unit: "requests/s",
    better: undefined,
    of: ({ arrivals }) => arrivals?.offeredPerSecond,
  },
  achievedPerSecond: {
    title: "Sent requests per second",
    short: "sent requests/s",
    unit: "requests/s",
    better: "higher",
    of: ({ arrivals }) => arrivals?.achievedPerSecond,
  },
  cachedShare: {
    title: "Prompt tokens from the cache",
    short: "cached",
    unit: "share",
    better: undefined,
    column: "cached_share",
    of: ({ tokens, groups, server }) =>
      tokens && toCachedShare({ tokens, ...(groups && { groups }), ...(server && { server }) }),
  },
  gpuMemory: {
    title: "GPU memory",
    short: "GPU memory",
    unit: "bytes",
    better: "lower",
    column: "gpu_peak_memory_bytes",
    of: ({ gpus }) => sumKnown(gpus?.devices.map(({ peakMemoryBytes }) => peakMemoryBytes)),
  },
  serverMemory: {
    title: "Server memory",
    short: "server memory",
    unit: "bytes",
    better: "lower",
    column: "server_peak_memory_bytes",
    of: ({ server }) => server?.process?.peakMemoryBytes,
  },
  memoryAfterLoad: {
    title: "Memory after load",
    short: "memory after load",
    unit: "bytes",
    better: "lower",
    column: "server_memory_after_load_bytes",
    of: ({ server }) => server?.memoryAfterLoadBytes,
  },
  ready: {
    title: "Time to ready",
    short: "time to ready",
    unit: "s",
    better: "lower",
    column: "server_ready_seconds",
    of: ({ server }) => server?.readySeconds,
  },
} as const satisfies Record<string, Words & Pick<Figure, "unit" | "better">>;

/** Which figures are shown together, in which order. */
export const SHOWN = {
  /** A command that prints the throughput alone. */
  throughput: ["requestsPerSecond", "outputTokensPerSecond", "totalTokensPerSecond"],
  /** Several runs of the same load, side by side. */
  repeats: [
    "requestsPerSecond",
    "outputTokensPerSecond",
    "totalTokensPerSecond",
    "ttft.median",
    "ttft.p95",
    "tpot.median",
    "itl.p99",
    "e2e.median",
    "success",
    "truncated",
    "cachedShare",
  ],
  /** Every comparison of runs. Testing more figures yields more false differences, so redundant ones are left out. */
  comparison: [
    "success",
    "goodput",
    "ttft.mean",
    "ttft.median",
    "ttft.p95",
    "ttft.p99",
    "scheduledTtft.median",
    "scheduledTtft.p95",
    "tpot.median",
    "tpot.p95",
    "itl.median",
    "itl.p99",
    "e2e.median",
    "e2e.p95",
    "requestsPerSecond",
    "outputTokensPerSecond",
    "totalTokensPerSecond",
    "truncated",
  ],
  /** A matrix of runs; a figure that no run has gets no column. */
  matrix: [
    "ttft.median",
    "ttft.p95",
    "tpot.median",
    "e2e.median",
    "e2e.p95",
    "outputTokensPerSecond",
    "requestsPerSecond",
    "success",
    "goodput",
    "gpuMemory",
    "serverMemory",
    "memoryAfterLoad",
    "ready",
  ],
} as const satisfies Record<string, readonly FigureKey[]>;

const STATISTIC_FIELDS: Readonly<Partial<Record<StatisticName, keyof Statistics>>> = {
  std: "standardDeviation",
};
const SHORT_STATISTICS: Readonly<Partial<Record<StatisticName, string>>> = { median: "p50" };

/** The figure with this key. */
export function findFigure(key: FigureKey): Figure {
  if (key in SCALARS) return toScalar(key as ScalarKey);
  if (key in MORE) return { key, column: toSnake(key), endsOf: noEnds, ...MORE[key as keyof typeof MORE] };
  const [metric, statistic, certified] = key.split(".") as [TrendKey, StatisticName, "certified"?];
  return toTrendFigure(metric, statistic, certified !== undefined);
}

/** The key of a statistic of a metric, or of a figure without statistics. */
export function toFigureKey(
  subject: ScalarKey | TrendKey,
  statistic?: StatisticName,
  isCertified = false,
): FigureKey {
  return [subject, statistic, isCertified ? "certified" : undefined]
    .filter((part) => part !== undefined)
    .join(".") as FigureKey;
}

function toScalar(key: ScalarKey): Figure {
  return { key, column: toSnake(key), endsOf: noEnds, ...SCALARS[key], ...OF_SCALARS[key] };
}

function toTrendFigure(metric: TrendKey, statistic: StatisticName, isCertified: boolean): Figure {
  const subject = SUBJECTS.find(({ key }) => key === metric);
  const { title } = METRICS[metric].about;
  const behind = isCertified ? " certified" : "";
  const field = STATISTIC_FIELDS[statistic] ?? (statistic as StatisticField);
  return {
    key: toFigureKey(metric, statistic, isCertified),
    title: `${title} ${statistic}${behind}`,
    short: `${title} ${SHORT_STATISTICS[statistic] ?? statistic}${behind}`,
    unit: statistic === "count" ? "count" : (subject?.unit ?? "ratio"),
    better: subject?.better,
    of: ({ metrics }) => {
      const statistics = metrics?.[metric];
      return isCertified
        ? statistics?.certified?.[statistic as CertifiedName]
        : (statistics?.[field] as number | undefined);
    },
    endsOf: ({ metrics }) => {
      const range = metrics?.[metric]?.range;
      if (range === undefined || field === "count" || field === "standardDeviation") return undefined;
      const at = (end: EndStatistics) =>
        isCertified
          ? end.certified?.[statistic as CertifiedName]
          : (end[field as keyof EndStatistics] as number | undefined);
      return toEnds(at(range.lower), at(range.upper));
    },
    column: `${toSnake(metric)}_${isCertified ? "certified_" : ""}${toSnake(field)}`,
  };
}

const noEnds = (): undefined => undefined;

/** Undefined where both ends are the same. */
function toEnds(lower: number | undefined, upper: number | undefined): Ends | undefined {
  if (lower === undefined || lower === upper) return undefined;
  return { lower, ...(upper !== undefined && { upper }) };
}

/** With every uncertain request missed, and with every one met. */
function toGoodputEnds({ share, met, missed, uncertain = 0, neverSent }: Goodput): Ends | undefined {
  return toEnds(share, share + uncertain / (met + missed + uncertain + neverSent));
}

function toGoodputRateEnds({ met, uncertain = 0, perSecond }: Goodput): Ends | undefined {
  if (perSecond === undefined || uncertain === 0) return undefined;
  return met === 0 ? { lower: 0 } : toEnds(perSecond, (perSecond * (met + uncertain)) / met);
}

/** The sum over all devices; undefined if one of them does not report the value. */
function sumKnown(values: readonly (number | undefined)[] = []): number | undefined {
  const known = values.filter((value) => value !== undefined);
  if (known.length === 0 || known.length < values.length) return undefined;
  return known.reduce((sum, value) => sum + value, 0);
}
