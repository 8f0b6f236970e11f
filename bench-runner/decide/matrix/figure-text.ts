// A figure of a matrix as text: the number, of repeats with their range. Pure.
import { formatNumber, formatValue, type Unit, unitSign } from "../../../lib/core/units.ts";
import type { Figure } from "./matrix.ts";
import type { Measure } from "./measures.ts";

/** "TTFT median (ms)"; rates say their unit already. */
export function toHeading({ label, unit }: Measure): string {
  if (unit === "bytes") return `${label} (MB)`;
  const sign = unitSign(unit);
  return sign === "" || label.includes(sign) ? label : `${label} (${sign})`;
}

/** Without unit, which the heading has. "" where there is no figure. */
export function toNumber(value: number | undefined, unit: Unit): string {
  if (value === undefined) return "";
  return unit === "bytes" ? formatNumber(value / 1e6, "ratio") : formatNumber(value, unit);
}

/** "98.00…121.0", "" of a single run, and where both ends read the same. */
export function toRange({ low, high }: Figure, unit: Unit): string {
  const [from, to] = [toNumber(low, unit), toNumber(high, unit)];
  return from === to ? "" : `${from}…${to}`;
}

/** "110.0", "110.0 (98.00…121.0)". */
export function toFigureText(figure: Figure | undefined, unit: Unit): string {
  if (figure === undefined) return "";
  const range = toRange(figure, unit);
  return `${toNumber(figure.median, unit)}${range === "" ? "" : ` (${range})`}`;
}

/** With unit: "110.0 ms". */
export function toFullText(figure: Figure, unit: Unit): string {
  return formatValue(figure.median, unit);
}
