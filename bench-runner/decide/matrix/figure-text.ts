// A figure of a matrix as text: the number, with the range of repeats. Pure.
import { formatValue, type Unit } from "../../../lib/core/units.ts";
import { toNumberText } from "../../outputs/table/table.ts";
import type { CellFigure } from "./matrix-types.ts";

/** "98.00…121.0"; "" for a single run, and if both ends read the same. */
export function toRange({ low, high }: CellFigure, unit: Unit): string {
  const [from, to] = [toNumberText(low, unit), toNumberText(high, unit)];
  return from === to ? "" : `${from}…${to}`;
}

/** "110.0", "110.0 (98.00…121.0)". */
export function toFigureText(figure: CellFigure | undefined, unit: Unit): string {
  if (figure === undefined) return "";
  const range = toRange(figure, unit);
  return `${toNumberText(figure.median, unit)}${range === "" ? "" : ` (${range})`}`;
}

/** With unit: "110.0 ms". */
export function toFullText(figure: CellFigure, unit: Unit): string {
  return formatValue(figure.median, unit);
}
