// The metrics that k6 gets, in the order of the table: what is registered.

import type { Unit } from "../units.ts";
import { METRICS, type Metric, type MetricKey } from "./metrics.ts";
import type { SampleKey } from "./sample.ts";

export interface K6Metric {
  key: MetricKey;
  k6Name: string;
  type: "trend" | "counter" | "rate";
  unit: Unit;
  /** k6 shows the values as times. */
  isTime: boolean;
  /** The same value as another metric under an older name. */
  isAlias: boolean;
  /** Where the value of a request is; absent where k6 gets the samples from Go. */
  of?: SampleKey;
  /** What the value is multiplied by. */
  factor: number;
}

export const K6_METRICS: readonly K6Metric[] = Object.entries<Metric>(METRICS).flatMap(([key, row]) => {
  const { k6Name, type, unit, alias, of, factor } = row;
  if (k6Name === undefined) return [];
  const metric: K6Metric = {
    key: key as MetricKey,
    k6Name,
    type: type ?? "trend",
    unit,
    isTime: unit === "ms",
    isAlias: alias ?? false,
    factor: factor ?? 1,
  };
  return of === undefined ? metric : { ...metric, of };
});
