// Where the values of an axis lie, and how they are written: even or by magnitude.
import type { Axis } from "../chart-spec.ts";
import { formatTickIn, toClockStep, toClockTicks } from "./axis-numbers.ts";
import { toScale } from "./scale.ts";

export interface PlotAxis {
  title: string;
  /** Undefined where a value has no place: one of 0 or less on an axis of magnitudes. */
  place(value: number): number | undefined;
  /** The label of a place. */
  formatTick(place: number): string;
  /** Fields of the ECharts axis; `hasOddEnds`: its ends are not round numbers. */
  option: {
    min?: number;
    max?: number;
    ticks?: number[];
    hasOddEnds?: true;
    minInterval?: number;
  };
}

/** Where the values of both axes lie. */
export interface PlotAxes {
  x: PlotAxis;
  y: PlotAxis;
}

/** More positions than this along the bottom are not labelled one by one. */
const MOST_LABELS = 9;

/** @param values all that the axis must show; from 0 on where none is negative and the axis is even */
export function toValueAxis(axis: Axis, values: readonly number[]): PlotAxis {
  if (axis.scale === "log") return toMagnitudes(axis, values);
  const wholes = axis.unit === "count" && { minInterval: 1 };
  return toEven(axis, { ...toExtent(axis, values), ...wholes });
}

function toExtent({ unit, max }: Axis, values: readonly number[]): PlotAxis["option"] {
  if (smallest(values) < 0) return {};
  // Shares of a whole end with it.
  const isPart =
    unit === "share" && values.every((value) => value <= 1) && (max === 1 || largest(values) > 0.5);
  return isPart ? { min: 0, max: 1, ticks: [0, 0.25, 0.5, 0.75, 1] } : { min: 0 };
}

/**
 * Along the bottom: only as far as there are values; a few whole numbers, or magnitudes, are labelled where they lie.
 * @param width of the chart in CSS pixels
 */
export function toBottomAxis(axis: Axis, values: readonly number[], width: number): PlotAxis {
  if (axis.unit === "clock") return toClock(axis, values, width);
  const labels = [...new Set(values)].sort((a, b) => a - b);
  const isFew = labels.length <= MOST_LABELS;
  if (axis.scale === "log") {
    const found = toMagnitudes(axis, values);
    const ticks = labels.flatMap((value) => found.place(value) ?? []);
    return isFew ? { ...found, option: { ...found.option, ticks } } : found;
  }
  if (values.length === 0) return toEven(axis, {});
  const { min, max } = toScale(false, smallest(values), largest(values), 1);
  const areCounts = axis.unit === "count" && labels.every(Number.isInteger);
  return toEven(axis, { min, max, hasOddEnds: true, ...(isFew && areCounts && { ticks: labels }) });
}

/** Labels at the times at which a clock is read, whatever the first value's. */
function toClock(axis: Axis, values: readonly number[], width: number): PlotAxis {
  const min = Math.min(axis.min ?? 0, smallest(values));
  const max = Math.max(axis.max ?? 0, largest(values));
  return toEven(axis, { min, max, ticks: toClockTicks(min, max, chooseClockStep(max - min, width)) });
}

/** @param seconds that an axis of this width spans */
export function chooseClockStep(seconds: number, width: number): number {
  return toClockStep(seconds / (width < 480 ? 4 : 8));
}

function toEven(axis: Axis, option: PlotAxis["option"]): PlotAxis {
  return {
    title: axis.title,
    place: (value) => value,
    formatTick: (place) => formatTickIn(axis.unit, place),
    option,
  };
}

/** Places count from the lower end on, so that bars begin there. */
function toMagnitudes(axis: Axis, values: readonly number[]): PlotAxis {
  const positive = values.filter((value) => value > 0);
  if (positive.length === 0) return toEven(axis, {});
  const [low, high] = [axis.min ?? smallest(positive), largest(positive)];
  // One value alone spans nothing: half a magnitude around it.
  const scale = high > low ? toScale(true, low, high, low) : toScale(true, low / 2, high * 2, low);
  const start = axis.min === undefined ? scale.min : scale.place(axis.min);
  const ticks = scale.ticks?.map((place) => place - start);
  return {
    title: axis.title === "" ? "by magnitude" : `${axis.title} (by magnitude)`,
    // Values below the axis' own beginning are drawn there.
    place: (value) => (value > 0 || axis.min !== undefined ? scale.place(value) - start : undefined),
    formatTick: (place) => formatTickIn(axis.unit, scale.valueAt(place + start)),
    option: { min: 0, max: scale.max - start, ...(ticks && ticks.length > 1 && { ticks }) },
  };
}

function smallest(values: readonly number[]): number {
  return values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
}

function largest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
}
