// The difference between two estimates, with its confidence interval.
//
// The limits of the two intervals are combined by the method of Zou and Donner ("MOVER", 2008): the lower limit of the
// difference follows from the lower limit of NEW and the upper limit of BASE. With symmetric errors this is Welch's
// interval; the degrees of freedom are Satterthwaite's.
import type { Estimate, StandardError } from "../../statistics/estimate.ts";
import { toStudentT } from "../../statistics/student-t.ts";

/** NEW compared with BASE: the difference of shares (0.02: two points); other figures relative to BASE (0.02: 2 %). */
export interface Difference {
  value: number;
  /** Absent if there is no interval; then `reason` says why. */
  low?: number;
  high?: number;
  reason?: string;
}

/** Practically infinite degrees of freedom: the variance of counts is known. */
const KNOWN = 1e6;

interface Options {
  confidence: number;
  isShare: boolean;
}

/** Relative to BASE; for shares, in points. */
export function toDifference(base: Estimate, next: Estimate, { confidence, isShare }: Options): Difference {
  if (isShare) return toPoints(base, next, confidence);
  const value = base.value > 0 ? next.value / base.value - 1 : undefined;
  if (value === undefined) return { value: Number.NaN, reason: "a figure of 0 has no ratio" };
  if (base.error === undefined || next.error === undefined) return { value, reason: toReason(base, next) };
  const ratio = Math.log(next.value / base.value);
  const below = toHalfWidth(next.error, next.error.below, base.error, base.error.above, confidence);
  const above = toHalfWidth(next.error, next.error.above, base.error, base.error.below, confidence);
  return { value, low: Math.expm1(ratio - below), high: Math.expm1(ratio + above) };
}

/** NEW − BASE in the figure's own unit. */
export function toAbsoluteDifference(base: Estimate, next: Estimate, options: Options): Difference {
  if (options.isShare) return toDifference(base, next, options);
  const value = next.value - base.value;
  if (base.error === undefined || next.error === undefined) return { value, reason: toReason(base, next) };
  const degrees = toDegrees(next.error, base.error, (side) => (side.below + side.above) / 2);
  const t = toStudentT(options.confidence, degrees);
  const down = ({ value, error }: Estimate) => value * -Math.expm1(-t * (error as StandardError).below);
  const up = ({ value, error }: Estimate) => value * Math.expm1(t * (error as StandardError).above);
  return {
    value,
    low: value - Math.hypot(down(next), up(base)),
    high: value + Math.hypot(up(next), down(base)),
  };
}

function toHalfWidth(a: StandardError, errorA: number, b: StandardError, errorB: number, confidence: number) {
  const squares = errorA ** 2 + errorB ** 2;
  if (squares === 0) return 0;
  const degrees = toDegrees(a, b, (side) => (side === a ? errorA : errorB));
  return toStudentT(confidence, degrees) * Math.sqrt(squares);
}

/** Satterthwaite's approximation; an error borrowed from the other side is not a second, independent one. */
function toDegrees(a: StandardError, b: StandardError, errorOf: (side: StandardError) => number): number {
  if (a.borrowed || b.borrowed) return Math.min(a.degrees, b.degrees);
  const [squareA, squareB] = [errorOf(a) ** 2, errorOf(b) ** 2];
  if (squareA + squareB === 0) return Math.min(a.degrees, b.degrees);
  return (squareA + squareB) ** 2 / (squareA ** 2 / a.degrees + squareB ** 2 / b.degrees);
}

/**
 * For shares, the wider of two intervals at each end: one from the variation between blocks or repeats, one from counting
 * alone (Wilson's interval of each share, Newcombe's of the difference), because no failure so far does not mean that none
 * can occur.
 */
function toPoints(base: Estimate, next: Estimate, confidence: number): Difference {
  const value = next.value - base.value;
  if (base.error === undefined || next.error === undefined) return { value, reason: toReason(base, next) };
  const degrees = toDegrees(next.error, base.error, ({ below }) => below);
  const t = toStudentT(confidence, degrees);
  const half = t * Math.hypot(base.error.below, next.error.below);
  const [low, high] = [value - half, value + half];
  if (base.trials === undefined || next.trials === undefined) return { value, low, high };
  const z = toStudentT(confidence, KNOWN);
  const [a, b] = [toWilson(base.value, base.trials, z), toWilson(next.value, next.trials, z)];
  return {
    value,
    low: Math.min(low, value - Math.hypot(next.value - b.low, a.high - base.value)),
    high: Math.max(high, value + Math.hypot(b.high - next.value, base.value - a.low)),
  };
}

function toWilson(share: number, trials: number, z: number): { low: number; high: number } {
  const weight = z ** 2 / trials;
  const middle = (share + weight / 2) / (1 + weight);
  const half = (z / (1 + weight)) * Math.sqrt((share * (1 - share)) / trials + weight / (4 * trials));
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

function toReason(base: Estimate, next: Estimate): string {
  const reasons = [base.reason && `BASE: ${base.reason}`, next.reason && `NEW: ${next.reason}`];
  const [a, b] = [base.reason, next.reason];
  if (a !== undefined && a === b) return a;
  return reasons.filter(Boolean).join("; ") || "no interval";
}
