// A figure of a side that is known only as a range, and what a difference of two sides can be then.
import { type Ends, isWide } from "../../../lib/core/ends.ts";
import { findFigure } from "../../summary/figures.ts";
import { type ComparedMetric, toMetricKey } from "./compared-metric.ts";
import type { Difference } from "./difference.ts";
import type { Side } from "./side.ts";

/** How far a figure of a side may be from its value: factors for others, differences for shares. */
interface Reach {
  down: number;
  up: number;
}

/** The ends of the figure over all runs of the side; undefined if every run knows it well enough. */
export function toSideEnds({ runs }: Side, metric: ComparedMetric): Ends | undefined {
  const { of, endsOf } = findFigure(toMetricKey(metric));
  const all = runs.flatMap(({ figures }): Ends[] => {
    const value = of(figures);
    return value === undefined ? [] : [endsOf(figures) ?? { lower: value, upper: value }];
  });
  if (!all.some(isWide)) return undefined;
  const uppers = all.flatMap(({ upper }) => upper ?? []);
  const lower = Math.min(...all.map((ends) => ends.lower));
  return { lower, ...(uppers.length === all.length && { upper: Math.max(...uppers) }) };
}

/** As a factor of the value, or for a share as a difference from it. */
function toReach(value: number, ends: Ends | undefined, isAdditive: boolean): Reach {
  if (ends === undefined) return isAdditive ? { down: 0, up: 0 } : { down: 1, up: 1 };
  const { lower, upper = Number.POSITIVE_INFINITY } = ends;
  if (isAdditive) return { down: Math.min(0, lower - value), up: Math.max(0, upper - value) };
  return { down: Math.min(1, lower / value), up: Math.max(1, upper / value) };
}

export interface Ranges {
  base: { value: number; ends: Ends | undefined };
  next: { value: number; ends: Ends | undefined };
  /** The difference is one of the values themselves, not relative to BASE. */
  isAdditive: boolean;
}

/**
 * The interval of the difference for every value within the ranges; an end may be infinite. Unchanged without ranges, and
 * without an interval.
 */
export function widen(difference: Difference, { base, next, isAdditive }: Ranges): Difference {
  const { low, high } = difference;
  if (low === undefined || high === undefined || (base.ends ?? next.ends) === undefined) return difference;
  const a = toReach(base.value, base.ends, isAdditive);
  const b = toReach(next.value, next.ends, isAdditive);
  return isAdditive
    ? { ...difference, low: low + b.down - a.up, high: high + b.up - a.down }
    : { ...difference, low: ((1 + low) * b.down) / a.up - 1, high: ((1 + high) * b.up) / a.down - 1 };
}

export const IN_RANGE =
  "a client was starved, so the figure is known only as a range, and the difference may be either way within it";
