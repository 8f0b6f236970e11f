// The metric and the result of a gate in words: k6's thresholds name a metric by its key alone.
import { K6_METRICS } from "../../../../lib/core/request/k6-metrics.ts";
import { METRICS } from "../../../../lib/core/request/metrics.ts";
import { formatValue } from "../../../../lib/core/units.ts";
import type { Gate } from "../../../summary/judge/gates.ts";
import type { Summary } from "../../../summary/summary.ts";

export interface GateWords {
  /** The title of the metric; absent if the gate's own text has it. */
  title?: string;
  /** The run's value with its unit; absent if the summary does not have it. */
  found?: string;
}

const STATISTICS = {
  avg: "mean",
  min: "min",
  med: "median",
  max: "max",
  "p(90)": "p90",
  "p(95)": "p95",
  "p(99)": "p99",
} as const;

/** For measured requests only: a threshold with tags other than the phase has no value here. */
export function toGateWords({ text, found }: Gate, { metrics, rates }: Summary): GateWords {
  if (found !== undefined) return { found };
  const [, name, tags, rule = ""] = /^(\w+)(\{[^}]*\})?: (.*)$/.exec(text) ?? [];
  const metric = K6_METRICS.find(({ k6Name }) => k6Name === name);
  if (metric === undefined) return {};
  const { key } = metric;
  const { title } = METRICS[key].about;
  if (tags !== undefined && tags !== "{phase:measure}") return { title };
  const statistic = Object.entries(STATISTICS).find(([sign]) => rule.startsWith(sign))?.[1];
  const value =
    metric.type === "rate"
      ? rates[key as keyof typeof rates]
      : statistic && metrics[key as keyof typeof metrics]?.[statistic];
  return { title, ...(value !== undefined && { found: formatValue(value, metric.unit) }) };
}
