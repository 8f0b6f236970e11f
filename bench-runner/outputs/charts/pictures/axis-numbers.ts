// Numbers at axes, in tooltips and in tables of numbers, by the unit of their axis.
import { formatNumber, formatValue, toDigits, type Unit } from "../../../../lib/core/units.ts";
import type { Axis } from "../chart-spec.ts";

const UNITS: Record<Unit, true> = {
  ms: true,
  s: true,
  "tokens/s": true,
  "requests/s": true,
  tokens: true,
  share: true,
  count: true,
  ratio: true,
  bytes: true,
};

function isUnit(unit: string): unit is Unit {
  return Object.hasOwn(UNITS, unit);
}

/** A value with its unit. */
export function formatIn(unit: Axis["unit"], value: number): string {
  if (unit === "clock") return formatClock(value);
  if (unit === "time of day") return new Date(value).toLocaleTimeString();
  if (unit === "bytes" && value >= 1e9) return `${formatNumber(value / 1e9, "ratio")} GB`;
  // A mean of counts need not be whole.
  if (unit === "count") return formatNumber(value, "ratio");
  if (unit !== undefined && isUnit(unit)) return formatValue(value, unit);
  return `${formatNumber(value, "ratio")}${unit === undefined ? "" : ` ${unit}`}`;
}

/** A position of an axis. Rates have their unit in the axis' title alone. */
export function formatTickIn(unit: Axis["unit"], value: number): string {
  // Positions on an axis of magnitudes come back with rounding.
  const round = unit === "time of day" ? value : toDigits(value, 6);
  if (unit === "ms") return formatTick(round);
  if (unit === "clock" || unit === "time of day") return formatIn(unit, round);
  if (unit !== "share" && unit !== "s" && unit !== "bytes") return formatNumber(round, "ratio");
  return round === 0 ? "0" : formatIn(unit, round).replace(/\.0+(?=\D)/, "");
}

/** The number as short as it may be, where the unit is known from elsewhere. */
export function formatAlone(unit: Axis["unit"], value: number): string {
  if (unit === "bytes" || unit === "share") return formatIn(unit, value);
  return formatNumber(toDigits(value, 4), "ratio");
}

/** A value that is read among others of its line: "17.3 requests/s", without zeros at the end. */
export function formatOverTime(unit: Axis["unit"], value: number): string {
  const isRate = unit === "tokens/s" || unit === "requests/s";
  return isRate ? `${formatNumber(value, "ratio")} ${unit}` : formatIn(unit, value);
}

/** "500 ms", "2.5 s". Axes have round values, so no zeros are appended. */
export function formatTick(ms: number): string {
  return ms >= 1000 ? `${toDigits(ms / 1000, 4)} s` : `${toDigits(ms, 4)} ms`;
}

/** A moment of the run: "0:42", "1:03:20"; with tenths where it is no whole second. */
export function formatClock(seconds: number): string {
  const tenths = Number.isInteger(seconds) ? "" : `.${Math.floor((Math.abs(seconds) * 10) % 10)}`;
  const whole = Math.floor(Math.abs(seconds));
  const two = (value: number) => String(value).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  const clock =
    minutes >= 60
      ? `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`
      : `${minutes}:${two(whole % 60)}`;
  const isZero = whole === 0 && /^(\.0)?$/.test(tenths);
  return `${seconds < 0 && !isZero ? "−" : ""}${clock}${tenths}`;
}

const CLOCK_STEPS = [
  0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400,
];

/** The step at which a clock is read. @param seconds the shortest that the step may be */
export function toClockStep(seconds: number): number {
  return CLOCK_STEPS.find((step) => step >= seconds) ?? Math.ceil(seconds / 86_400) * 86_400;
}

/** Multiples of the step; none so near the end that its label would be cut off. */
export function toClockTicks(from: number, to: number, step: number): number[] {
  const first = Math.ceil(from / step);
  const last = Math.floor((to - step / 6) / step);
  return Array.from({ length: Math.max(1, last - first + 1) }, (_, index) => (first + index) * step);
}

/** Missing values come as null from the page's JSON, as undefined from the runner. */
export function isKnown(value: number | null | undefined): value is number {
  return typeof value === "number" && Number.isFinite(value);
}
