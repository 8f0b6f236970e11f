// A figure as people see it: one number, or both ends where it is known only as a range.
import { isWide } from "../../lib/core/ends.ts";
import { formatEnds, formatNumber, formatNumberEnds, formatValue } from "../../lib/core/units.ts";
import { type FigureKey, findFigure, type Measured } from "./figures.ts";

/** "12.30", or "12–390": without the unit; "" if there is no such figure. */
export function showNumber(key: FigureKey, measured: Measured): string {
  const { unit, of, endsOf } = findFigure(key);
  const ends = endsOf(measured);
  return ends && isWide(ends) ? formatNumberEnds(ends, unit) : formatNumber(of(measured), unit);
}

/** The same with the unit. */
export function showValue(key: FigureKey, measured: Measured): string {
  const { unit, of, endsOf } = findFigure(key);
  const ends = endsOf(measured);
  return ends && isWide(ends) ? formatEnds(ends, unit) : formatValue(of(measured), unit);
}

/** Whether both ends are shown. */
export function hasRange(key: FigureKey, measured: Measured): boolean {
  const ends = findFigure(key).endsOf(measured);
  return ends !== undefined && isWide(ends);
}
