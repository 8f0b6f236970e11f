// The times at which an arrival function sends its requests.
import { formatNumber, toDigits } from "../../../lib/core/units.ts";
import { EXIT } from "../../platform/exit-codes.ts";
import { UserError } from "../../platform/user-error.ts";
import type { Expression } from "./function-tree.ts";
import { valueAt } from "./function-value.ts";

export interface FunctionOptions {
  /** The function is evaluated at 0, 1, 2, … times this; above 0. */
  timeStepSeconds: number;
  /** Gaps longer than this many minutes are shortened to one time step; absent: none are. */
  skipIdleMinutes?: number;
  /** More arrivals than this are refused. */
  mostArrivals: number;
  /** The function is evaluated only before this time; finite. */
  longestSeconds: number;
  /** A function that is not None by `longestSeconds` ends there; if false, it is refused. */
  endsAtLongest: boolean;
}

/**
 * What is due within this time after a step is due at the step. It compensates for floating-point noise:
 * `int(t/0.1 + 1)` at 0.3 is 3, in Python too, where 4 is meant, and that request would be a whole step late.
 */
const SLACK_SECONDS = 1e-9;

/**
 * At each time step t, as many arrivals as bring their number up to the whole part of the function's value at t, or a
 * nanosecond later; a value that falls adds none, None at t ends the schedule.
 *
 * Where no request is due for longer than `skipIdleMinutes`, before the first arrival too, all later arrivals move
 * forward until that gap is one time step. `longestSeconds` is a time of the function, before such a move.
 * @returns milliseconds since the start, ascending
 * @throws UserError for a function that does not end, asks for nothing or for too much, or cannot be computed
 */
export function toFunctionOffsets(expression: Expression, options: FunctionOptions): number[] {
  const stepMs = options.timeStepSeconds * 1000;
  const steps = toDueSteps(expression, options);
  const longestIdleMs = (options.skipIdleMinutes ?? Number.POSITIVE_INFINITY) * 60_000;
  let before = 0;
  let skipped = 0;
  return steps.map((step) => {
    const gap = step - before;
    if (gap > 1 && gap * stepMs > longestIdleMs) skipped += gap - 1;
    before = step;
    return (step - skipped) * stepMs;
  });
}

/** The time step of each arrival, counted from 0. */
function toDueSteps(expression: Expression, options: FunctionOptions): number[] {
  const { timeStepSeconds, mostArrivals, longestSeconds, endsAtLongest } = options;
  const due: number[] = [];
  const stepCount = Math.ceil(longestSeconds / timeStepSeconds - SLACK_SECONDS);
  for (let step = 0; step < stepCount; step++) {
    const t = step * timeStepSeconds;
    const value = valueAt(expression, t);
    if (value === null) return requireSome(due, expression, t);
    const wanted = Math.floor(Math.max(value, valueAt(expression, t + SLACK_SECONDS) ?? value));
    if (wanted > mostArrivals) throw tooMany(expression, mostArrivals, t);
    while (due.length < wanted) due.push(step);
  }
  if (!endsAtLongest && valueAt(expression, longestSeconds) !== null)
    throw endless(expression, longestSeconds);
  return requireSome(due, expression, longestSeconds);
}

function requireSome(due: number[], { variable }: Expression, end: number): number[] {
  if (due.length > 0) return due;
  throw new UserError(
    `\`--arrivals-function\` asks for no request before it ends at ${variable} = ${toDigits(end, 12)} s. Its value is the number of requests sent by then: \`5*${variable} if ${variable} < 60 else None\` sends 5 a second.`,
    EXIT.usage,
  );
}

function tooMany({ variable }: Expression, most: number, t: number): UserError {
  return new UserError(
    `\`--arrivals-function\` asks for more than ${formatNumber(most, "count")} requests by ${variable} = ${toDigits(t, 12)} s. Use a function that grows more slowly, or ends earlier: \`… if ${variable} < 60 else None\`.`,
    EXIT.usage,
  );
}

function endless({ variable }: Expression, longest: number): UserError {
  return new UserError(
    `\`--arrivals-function\` has not ended by ${variable} = ${toDigits(longest, 12)} s. Add \`if ${variable} < 60 else None\`, or give \`--duration\`.`,
    EXIT.usage,
  );
}
