// One field of an exported layout, and the object that a list of fields makes.
import type { StatisticField, Statistics } from "../../statistics/statistics.ts";

export interface LayoutField<Source> {
  name: string;
  unit: string;
  formula: string;
  note?: string;
  /** Undefined if the value is unknown: the field is then absent from the file. */
  of: (source: Source) => unknown;
}

/** Names of a layout → names of our statistics. */
export type StatisticNames = Readonly<Record<string, StatisticField>>;

/** The statistics under the names of a layout, each times `factor`, without unknown ones. */
export function pickStatistics(
  statistics: Statistics | undefined,
  names: StatisticNames,
  factor = 1,
): Record<string, number> | undefined {
  if (statistics === undefined) return undefined;
  const known = Object.entries(names).flatMap(([name, key]) => {
    const value = statistics[key];
    return value === undefined ? [] : [[name, value * factor] as const];
  });
  return Object.fromEntries(known);
}

/** The object of a layout: its fields in order, without unknown ones. */
export function toFields<Source>(
  fields: readonly LayoutField<Source>[],
  source: Source,
): Record<string, unknown> {
  const entries = fields.map(({ name, of }) => [name, of(source)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** About the statistic that the layouts call std. */
export const STD_NOTE = "`std` is the sample standard deviation (n − 1), absent below 2 requests";
