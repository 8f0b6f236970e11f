// The trends: the metrics that a summary has statistics of.

import type { Unit } from "../units.ts";
import { fieldOf, METRICS, type Metric, type MetricAbout, type MetricKey } from "./metrics.ts";
import type { RequestDetails } from "./request-details.ts";

type WithoutStatistics = { readonly type: string } | { readonly alias: true } | { readonly exportOnly: true };
export type TrendKey = {
  [K in MetricKey]: (typeof METRICS)[K] extends WithoutStatistics ? never : K;
}[MetricKey];

export interface Trend {
  key: TrendKey;
  unit: Unit;
  /** k6 also gets it. */
  isInK6: boolean;
  /** The value of a complete request; undefined for ITL, a trend of token gaps. */
  of: (details: RequestDetails) => number | undefined;
  /** Not in the bundles for k6. */
  about: MetricAbout;
}

/** In the order of the table. */
export const TRENDS: readonly Trend[] = Object.entries<Metric>(METRICS)
  .filter(([, { type, alias, exportOnly }]) => type === undefined && !alias && !exportOnly)
  .map(([key, metric]) => {
    const field = fieldOf(key, metric) as keyof RequestDetails;
    return {
      key: key as TrendKey,
      unit: metric.unit,
      isInK6: metric.k6Name !== undefined,
      of: (details) => details[field] as number | undefined,
      about: metric.about,
    };
  });

/** The trends of requests: all except ITL, those of k6 first. */
export const REQUEST_TRENDS: readonly Trend[] = [
  ...TRENDS.filter(({ isInK6, key }) => isInK6 && key !== "itl"),
  ...TRENDS.filter(({ isInK6 }) => !isInK6),
];
