// The only place that rounds or formats numbers: for the terminal, Markdown, CSV and k6's own summary.

import type { Ends } from "./ends.ts";

export type Unit = "ms" | "s" | "tokens/s" | "requests/s" | "tokens" | "share" | "count" | "ratio" | "bytes";

/** `value` to `digits` significant digits, as a number: what goes into CSV. */
export function toDigits(value: number, digits = 6): number {
  return Number(value.toPrecision(digits));
}

/**
 * The number alone, about four significant digits, for a table whose header has the unit; "" without a value.
 * Shares become percent.
 */
export function formatNumber(value: number | undefined, unit: Unit): string {
  if (value === undefined || !Number.isFinite(value)) return "";
  if (unit === "count" || unit === "bytes") return group(value, 0);
  const shown = unit === "share" ? value * 100 : value;
  const size = Math.abs(shown);
  const decimals = size >= 999.95 ? 0 : size >= 99.995 ? 1 : size >= 9.9995 ? 2 : 3;
  // Token counts and shares are whole or coarse: trailing zeros would suggest a precision that they lack.
  return unit === "tokens" || unit === "share" || unit === "ratio"
    ? group(shown, decimals)
        .replace(/(\.\d*?)0+$/, "$1")
        .replace(/\.$/, "")
    : group(shown, decimals);
}

/** The symbol of a unit: "%" for shares, "" for counts and ratios. */
export function unitSign(unit: Unit): string {
  return unit === "share" ? "%" : unit === "count" || unit === "ratio" ? "" : unit;
}

/** The number with its unit; long times become seconds, many bytes MB. "" without a value. */
export function formatValue(value: number | undefined, unit: Unit): string {
  if (value === undefined || !Number.isFinite(value)) return "";
  if (unit === "ms" && Math.abs(value) >= 10_000) return formatValue(value / 1000, "s");
  if (unit === "bytes" && value >= 1e6) return `${group(value / 1e6, 1)} MB`;
  return `${formatNumber(value, unit)} ${unitSign(unit)}`.trimEnd();
}

/** "12–390", without the unit; "≥ 12" without an upper end. Three digits are enough for what is not known exactly. */
export function formatNumberEnds({ lower, upper }: Ends, unit: Unit): string {
  const show = (value: number) =>
    formatNumber(toDigits(value, 3), unit)
      .replace(/(\.\d*?)0+$/, "$1")
      .replace(/\.$/, "");
  return upper === undefined ? `≥ ${show(lower)}` : `${show(lower)}–${show(upper)}`;
}

/** "12–390 ms", "0.2–12.4 s". */
export function formatEnds({ lower, upper }: Ends, unit: Unit): string {
  if (unit === "ms" && (upper ?? lower) >= 10_000) {
    return formatEnds({ lower: lower / 1000, ...(upper !== undefined && { upper: upper / 1000 }) }, "s");
  }
  return `${formatNumberEnds({ lower, ...(upper !== undefined && { upper }) }, unit)} ${unitSign(unit)}`.trimEnd();
}

/** "1h 02m 03s", "2m 03s", "3.2 s" for a length of time in milliseconds. */
export function formatDuration(ms: number): string {
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  const two = (part: number) => String(part).padStart(2, "0");
  const rest = `${two(Math.floor(seconds / 60) % 60)}m ${two(seconds % 60)}s`;
  return seconds >= 3600 ? `${Math.floor(seconds / 3600)}h ${rest}` : rest.replace(/^0/, "");
}

/** Fixed decimals and commas between thousands (k6's engine has no Intl). */
function group(value: number, decimals: number): string {
  const [whole, fraction] = value.toFixed(decimals).split(".") as [string, string?];
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}
