// Where the values of an axis lie, and how they are written: even or by magnitude.
import { formatNumber, formatValue, type Unit } from "../../../../lib/core/units.ts";
import type { Axis } from "../../chart-page/chart-page.ts";
import { toScale } from "../report/scale.ts";
import { formatSample, formatTick } from "../report/words.ts";

export interface PlotAxis {
  title: string;
  isLog: boolean;
  /** Undefined where a value has no place: one of 0 or less on an axis of magnitudes. */
  place(value: number): number | undefined;
  /** Of a value with its unit. */
  format(value: number): string;
  /** The number alone, as short as it may be: beside a bar. */
  formatShort(value: number): string;
  /** Of a place. */
  formatTick(place: number): string;
  /** Of the ECharts axis; `hasOddEnds`: its ends are no round numbers. */
  option: { min?: number; max?: number; ticks?: number[]; hasOddEnds?: true };
}

/** More positions than this along the bottom are not labelled one by one. */
const MOST_LABELS = 9;

/** @param values all that the axis must show; from 0 on where none is negative and the axis is even */
export function toValueAxis(axis: Axis, values: readonly number[]): PlotAxis {
  if (axis.scale !== "log") return toEven(axis, toExtent(axis, values));
  return toMagnitudes(axis, values);
}

function toExtent({ unit }: Axis, values: readonly number[]): PlotAxis["option"] {
  if (Math.min(...values, 0) < 0) return {};
  // Shares of a whole end with it.
  const isPart = unit === "share" && values.every((value) => value <= 1) && Math.max(...values) > 0.5;
  return isPart ? { min: 0, max: 1, ticks: [0, 0.25, 0.5, 0.75, 1] } : { min: 0 };
}

/** Along the bottom: only as far as there are values; a few whole numbers, or magnitudes, are labelled where they lie. */
export function toBottomAxis(axis: Axis, values: readonly number[]): PlotAxis {
  const labels = [...new Set(values)].sort((a, b) => a - b);
  const isFew = labels.length <= MOST_LABELS;
  if (axis.scale === "log") {
    const found = toMagnitudes(axis, values);
    const ticks = labels.flatMap((value) => found.place(value) ?? []);
    return isFew ? { ...found, option: { ...found.option, ticks } } : found;
  }
  if (values.length === 0) return toEven(axis, {});
  const { min, max } = toScale(false, Math.min(...values), Math.max(...values), 1);
  const areCounts = axis.unit === "count" && labels.every(Number.isInteger);
  return toEven(axis, { min, max, hasOddEnds: true, ...(isFew && areCounts && { ticks: labels }) });
}

function toEven(axis: Axis, option: PlotAxis["option"]): PlotAxis {
  return {
    title: axis.title,
    isLog: false,
    place: (value) => value,
    format: (value) => formatIn(axis.unit, value),
    formatShort: (value) => formatAlone(axis.unit, value),
    formatTick: (place) => formatTickIn(axis.unit, place),
    option,
  };
}

/** Places count from the lower end on, so that bars stand on it. */
function toMagnitudes(axis: Axis, values: readonly number[]): PlotAxis {
  const positive = values.filter((value) => value > 0);
  const [low, high] = [Math.min(...positive), Math.max(...positive)];
  if (positive.length === 0) return toEven(axis, {});
  // One value alone spans nothing: half a magnitude around it.
  const scale = high > low ? toScale(true, low, high, low) : toScale(true, low / 2, high * 2, low);
  return {
    title: `${axis.title} (by magnitude)`,
    isLog: true,
    place: (value) => (value > 0 ? scale.place(value) - scale.min : undefined),
    format: (value) => formatIn(axis.unit, value),
    formatShort: (value) => formatAlone(axis.unit, value),
    formatTick: (place) => formatTickIn(axis.unit, scale.valueAt(place + scale.min)),
    option: {
      min: 0,
      max: scale.max - scale.min,
      ...(scale.ticks && scale.ticks.length > 1 && { ticks: scale.ticks.map((place) => place - scale.min) }),
    },
  };
}

const UNITS: Record<Unit, true> = {
  ...{ ms: true, s: true, "tokens/s": true, "requests/s": true, tokens: true },
  ...{ share: true, count: true, ratio: true, bytes: true },
};

function isUnit(unit: string): unit is Unit {
  return Object.hasOwn(UNITS, unit);
}

/** A value with its unit. */
export function formatIn(unit: string | undefined, value: number): string {
  if (unit === "bytes") return formatSample(value, "bytes");
  if (unit !== undefined && isUnit(unit)) return formatValue(value, unit);
  return `${formatNumber(value, "ratio")}${unit === undefined ? "" : ` ${unit}`}`;
}

/** Rates have their unit in the axis' title alone. */
function formatTickIn(unit: string | undefined, value: number): string {
  // Positions on an axis of magnitudes come back with rounding.
  const round = Number(value.toPrecision(6));
  if (unit === "ms") return formatTick(round);
  if (unit === "share" || unit === "s" || unit === "bytes") return round === 0 ? "0" : formatIn(unit, round);
  return formatNumber(round, "ratio");
}

/** The unit stands at the axis. */
function formatAlone(unit: string | undefined, value: number): string {
  if (unit === "bytes" || unit === "share") return formatIn(unit, value);
  return formatNumber(Number(value.toPrecision(4)), "ratio");
}

/** Missing values come as null from the page's JSON, as undefined from the runner. */
export function isKnown(value: number | null | undefined): value is number {
  return typeof value === "number" && Number.isFinite(value);
}
