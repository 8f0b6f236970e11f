// The times at which an arrival function sends its requests.
import { formatNumber, toDigits } from "../../../lib/core/units.ts";
import { EXIT } from "../../platform/exit-codes.ts";
import { UserError } from "../../platform/user-error.ts";
import type { Expression } from "./function-tree.ts";
import { valueAt } from "./function-value.ts";

export interface FunctionOptions {
  /** The function is evaluated at 0, 1, 2, … times this; above 0. */
  functionStepSeconds: number;
  /** The sender's tick: requests leave at multiples of it, one a tick; above 0. */
  timeStepSeconds: number;
  /** More arrivals than this are refused. */
  mostArrivals: number;
  /** The function is evaluated only before this time; finite. */
  longestSeconds: number;
  /** A function that is not None by `longestSeconds` ends there; if false, it is refused. */
  endsAtLongest: boolean;
}

export interface FunctionArrivals {
  /** Milliseconds since the start, ascending. */
  offsetsMs: number[];
  /** The longest that a request waits for its tick, behind others that are due at the same time. */
  longestWaitSeconds: number;
}

/**
 * What is due within this time after a moment is due at the moment, where floating point cannot hold the moment exactly:
 * `100*t` at 0.29 is 28.999999999999996, and that request would be a whole step late. At whole seconds the value is the
 * one that Python has.
 */
const SLACK_SECONDS = 1e-9;

/**
 * The function's value at t is the number of requests that are due by t: at each step of the function as many become due
 * as bring their number up to its whole part. A value that falls adds none, None at t ends the schedule. The sender has
 * one request a tick: what becomes due at once leaves as a burst, tick after tick.
 *
 * `lambda t: int(t / 0.1 + 1) if t < 60 else None`, asked once a second, is 1 at 0 s, 11 at 1 s, … 591 at 59 s: 591
 * requests, one at the start and then bursts of ten.
 * @throws UserError for a function that does not end, asks for nothing or for too much, or cannot be computed
 */
export function toFunctionArrivals(expression: Expression, options: FunctionOptions): FunctionArrivals {
  const { functionStepSeconds, timeStepSeconds } = options;
  let free = 0;
  let longestWaitSeconds = 0;
  const offsetsMs = toDueSteps(expression, options).map((step) => {
    const dueSeconds = step * functionStepSeconds;
    const tick = Math.max(free, Math.ceil(dueSeconds / timeStepSeconds - SLACK_SECONDS));
    free = tick + 1;
    longestWaitSeconds = Math.max(longestWaitSeconds, tick * timeStepSeconds - dueSeconds);
    return tick * timeStepSeconds * 1000;
  });
  return { offsetsMs, longestWaitSeconds };
}

/** The step of the function at which each arrival becomes due, counted from 0. */
function toDueSteps(expression: Expression, options: FunctionOptions): number[] {
  const { functionStepSeconds, mostArrivals, longestSeconds, endsAtLongest } = options;
  const due: number[] = [];
  const stepCount = Math.ceil(longestSeconds / functionStepSeconds - SLACK_SECONDS);
  for (let step = 0; step < stepCount; step++) {
    const t = step * functionStepSeconds;
    const value = valueAt(expression, t);
    if (value === null) return requireSome(due, expression, t);
    const wanted = Math.floor(Number.isInteger(t) ? value : withSlack(expression, t, value));
    if (wanted > mostArrivals) throw tooMany(expression, mostArrivals, t);
    while (due.length < wanted) due.push(step);
  }
  if (!endsAtLongest && valueAt(expression, longestSeconds) !== null)
    throw endless(expression, longestSeconds);
  return requireSome(due, expression, longestSeconds);
}

function withSlack(expression: Expression, t: number, value: number): number {
  return Math.max(value, valueAt(expression, t + SLACK_SECONDS) ?? value);
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
