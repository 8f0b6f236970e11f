// Which load a sweep measures next, or why it ends, decided by the points measured so far. Pure.
import { toDigits } from "../../../lib/core/units.ts";
import type { SweepGoal } from "./sweep-goal.ts";

/** What the plan needs to know about a measured load. */
export interface JudgedLoad {
  load: number;
  /** It meets every SLO and requirement; undefined if there are none. */
  meets?: boolean;
  /** Open loop: the server did not keep up. */
  isSaturated: boolean;
  /** Output tokens per second, or requests per second if the server reports no tokens. */
  throughput?: number;
  /** Mean E2E. */
  latencyMs?: number;
}

export type SweepStep =
  | { kind: "measure"; load: number; by: "list" | "bisection" }
  | { kind: "end"; reason: EndReason };

/**
 * `list`: every load was measured. `saturation`: more load gains nothing. `found`: the limit is known as precisely as
 * asked. `none`: no load meets the goal. `points`: the maximum number of points is reached.
 */
export type EndReason = "list" | "saturation" | "found" | "none" | "points";

/** If twice the clients gain less throughput than this factor, the server is saturated. */
const LEAST_GAIN = 1.05;
/** How often the lowest rate is halved while no rate meets the goal. */
const MOST_HALVINGS = 6;

/**
 * First the given loads in rising order, until one saturates the server; then, if there is a goal, bisection between the highest load that meets it and the lowest that does not.
 */
export function planNext(goal: SweepGoal, points: readonly JudgedLoad[]): SweepStep {
  const [next] = nextOfList(goal, points);
  if (next === undefined && !goal.isJudged) {
    return { kind: "end", reason: findSaturated(goal, points) === undefined ? "list" : "saturation" };
  }
  const step: SweepStep =
    next === undefined ? halve(goal, points) : { kind: "measure", load: next, by: "list" };
  return step.kind === "measure" && points.length >= goal.maxPoints
    ? { kind: "end", reason: "points" }
    : step;
}

/** The loads of the list that are still to be measured, at most one of an endless list. */
function nextOfList(goal: SweepGoal, points: readonly JudgedLoad[]): number[] {
  if (findSaturated(goal, points) !== undefined) return [];
  if (goal.loads !== "auto") {
    return goal.loads.filter((load) => points.every((point) => point.load !== load));
  }
  // A load does not meet the goal: bisection has begun.
  if (points.some(({ meets }) => meets === false)) return [];
  const highest = points.reduce((most, { load }) => Math.max(most, load), 0);
  return [highest === 0 ? (goal.start as number) : highest * 2];
}

/** The lowest load at which the server is saturated. */
export function findSaturated(
  { axis }: Pick<SweepGoal, "axis">,
  points: readonly JudgedLoad[],
): JudgedLoad | undefined {
  const rising = [...points].sort((a, b) => a.load - b.load);
  return rising.find((point, index) =>
    axis === "rate" ? point.isSaturated : isFlat(rising[index - 1], point),
  );
}

/** More clients, and hardly more throughput: each only waits longer. Loads close together differ only by noise. */
function isFlat(before: JudgedLoad | undefined, point: JudgedLoad): boolean {
  if (before?.throughput === undefined || before.latencyMs === undefined) return false;
  if (point.throughput === undefined || point.latencyMs === undefined) return false;
  const doublings = Math.log2(point.load / before.load);
  if (doublings < 0.4) return false;
  const gain = point.throughput / before.throughput;
  return gain < LEAST_GAIN ** doublings && point.latencyMs > before.latencyMs;
}

/** The lowest load that does not meet the goal, and the highest below it that does. */
export function findLimits(points: readonly JudgedLoad[]): { meets?: JudgedLoad; fails?: JudgedLoad } {
  const rising = [...points].sort((a, b) => a.load - b.load);
  const fails = rising.find(({ meets }) => meets === false);
  const meets = rising.filter((point) => point.meets && point.load < (fails?.load ?? Infinity)).at(-1);
  return { ...(meets && { meets }), ...(fails && { fails }) };
}

function halve(goal: SweepGoal, points: readonly JudgedLoad[]): SweepStep {
  const { meets, fails } = findLimits(points);
  if (fails === undefined) {
    return { kind: "end", reason: findSaturated(goal, points) === undefined ? "list" : "saturation" };
  }
  const [low, high] = [meets?.load ?? 0, fails.load];
  if (goal.axis === "concurrency") {
    const load = Math.floor((low + high) / 2);
    if (load <= low || (low > 0 && high - low <= goal.precision * low)) {
      return { kind: "end", reason: meets === undefined ? "none" : "found" };
    }
    return { kind: "measure", load, by: "bisection" };
  }
  if (meets === undefined) {
    const tried = points.filter(({ meets }) => meets === false).length;
    const first = goal.loads === "auto" ? goal.start : goal.loads[0];
    if (tried > MOST_HALVINGS && high < (first as number)) return { kind: "end", reason: "none" };
  }
  const load = toDigits((low + high) / 2, 4);
  if ((low > 0 && high - low <= goal.precision * low) || load <= low || load >= high) {
    return { kind: "end", reason: meets === undefined ? "none" : "found" };
  }
  return { kind: "measure", load, by: "bisection" };
}
