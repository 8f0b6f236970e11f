// Where a line over time is broken: samples are missing for longer than usual.
import { toUpperQuantile } from "../../statistics/quantile.ts";
import type { LinePoint } from "./chart-spec.ts";

/** From this multiple of the usual distance on, the points before and after are not connected. */
const LONGEST_GAP = 3;

/** A line over a time without samples would claim values that nothing measured. */
export function breakGaps(points: readonly LinePoint[]): LinePoint[] {
  const steps = points.slice(1).map(({ x }, at) => x - (points[at]?.x ?? x));
  const usual = toUpperQuantile(Float64Array.from(steps).sort(), 0.5) ?? 0;
  return points.flatMap((point, at) => {
    const step = steps[at - 1] ?? 0;
    return step > LONGEST_GAP * usual ? [{ x: point.x - step / 2, y: undefined }, point] : [point];
  });
}
