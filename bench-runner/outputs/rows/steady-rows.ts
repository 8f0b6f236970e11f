// The headline figures of the whole window and of the steady state, side by side, for every rendering.
import { formatNumber, formatValue } from "../../../lib/core/units.ts";
import type { Statistics } from "../../statistics/statistics.ts";
import type { Steady, Summary } from "../../summary/summary.ts";

export interface SteadyRow {
  label: string;
  /** A terminal shows it, too. */
  isHeadline: boolean;
  window: string;
  steady: string;
}

type Figures = Pick<Steady, "metrics" | "throughput">;

const RATES = [
  ["requests/s", "requestsPerSecond", true],
  ["output tokens/s", "outputTokensPerSecond", true],
  ["total tokens/s", "totalTokensPerSecond", false],
] as const;
const TRENDS = [
  ["TTFT", "ttft"],
  ["TPOT", "tpot"],
  ["ITL", "itl"],
  ["E2E", "e2e"],
] as const;
const STATISTICS: readonly [string, keyof Omit<Statistics, "certified">, boolean][] = [
  ["mean", "mean", false],
  ["median", "median", true],
  ["p90", "p90", false],
  ["p99", "p99", false],
];

/** Undefined where there is no steady state. */
export function toSteadyRows({ steady, metrics, throughput }: Summary): SteadyRow[] | undefined {
  if ("absent" in steady || throughput === undefined) return undefined;
  const whole: Figures = { metrics, throughput };
  const row = (label: string, isHeadline: boolean, of: (figures: Figures) => string): SteadyRow[] =>
    of(whole) === "" ? [] : [{ label, isHeadline, window: of(whole), steady: of(steady) }];
  return [
    ...RATES.flatMap(([label, key, isHeadline]) =>
      row(label, isHeadline, (figures) => formatNumber(figures.throughput[key], "tokens/s")),
    ),
    ...TRENDS.flatMap(([title, key]) =>
      STATISTICS.flatMap(([name, statistic, isHeadline]) =>
        row(`${title} ${name}`, isHeadline, (figures) =>
          formatValue(figures.metrics[key]?.[statistic], "ms"),
        ),
      ),
    ),
  ];
}

/** How long it was, or why there is none. */
export function describeSteady({ steady }: Summary): string {
  return "absent" in steady
    ? `none: ${steady.absent}`
    : `${formatValue(steady.seconds, "s")} with all clients at work, ${formatValue(steady.requests, "count")} requests inside`;
}
