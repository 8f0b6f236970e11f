// Everything that is derived from the facts of one request: what k6 gets, and the other metrics.
// Not in scenario bundles.
import type { Facts } from "./facts.ts";
import { type Flag, toFlags } from "./flags.ts";
import { fieldOf, METRICS, type Metric, type MetricKey } from "./metrics.ts";
import { type RequestMetrics, toNumber, toRequestMetrics } from "./request-metrics.ts";

type Table = typeof METRICS;
/** The metrics whose formula is in the table. */
type FormulaKey = {
  [K in MetricKey]: Table[K] extends { readonly about: { readonly of: unknown } } ? K : never;
}[MetricKey];
type FieldOf<K extends FormulaKey> = Table[K]["unit"] extends "ms" ? `${K}Ms` : K;

/** Times in milliseconds, rates per second. An unknown value is absent, never 0. */
type FormulaValues = { [K in FormulaKey as FieldOf<K>]?: number };

export interface RequestDetails extends RequestMetrics, FormulaValues {
  flags: Flag[];
  /** `completionTokens` is the number of token events. */
  completionEstimated?: true;
}

const FORMULAS = Object.entries<Metric>(METRICS).flatMap(([key, metric]) =>
  metric.about.of === undefined ? [] : { field: fieldOf(key, metric), of: metric.about.of },
);

/** The metrics of a request, its flags, and whether its tokens are counted by usage. */
export function toRequestDetails(facts: Facts): RequestDetails {
  const metrics = toRequestMetrics(facts);
  const details: Record<string, unknown> = { ...metrics, flags: toFlags(facts, metrics.verdict) };
  if (metrics.completionTokens !== undefined && toNumber(facts.fields.completionTokens) === undefined) {
    details.completionEstimated = true;
  }
  for (const { field, of } of FORMULAS) {
    const value = of(facts, metrics);
    if (value !== undefined) details[field] = value;
  }
  return details as unknown as RequestDetails;
}
