// When requests are due in an open loop: at a rate, evenly or at random.
import { createRandom, drawNormal, type Random } from "../prompts/random.ts";
import { expectedArrivals, toMoments } from "./rate-curve.ts";
import type { Stage } from "./stages.ts";

/**
 * `constant`: evenly. `poisson`: independent users, gaps exponentially distributed. `gamma`: gaps gamma distributed with
 * the shape `burstiness`, as `vllm bench serve` has it: below 1 more bursty than Poisson, above 1 more even.
 */
export type ArrivalProcess = "constant" | "poisson" | "gamma";

export interface ArrivalPlan {
  /** Arrivals a second over time. */
  stages: readonly Stage[];
  process: ArrivalProcess;
  /** Shape of the gamma distribution, above 0; the gaps' coefficient of variation is 1/√burstiness. */
  burstiness: number;
  seed: number;
}

/** Keeps the draws apart from those that pick rows by the same seed. */
const STREAM = 0x61727276;

/** A gap with the mean 1. */
function drawGap({ process, burstiness }: ArrivalPlan, random: Random): number {
  const shape = process === "gamma" ? burstiness : 1;
  return shape === 1 ? -Math.log(1 - random()) : drawGamma(shape, random) / shape;
}

/** Marsaglia and Tsang, A Simple Method for Generating Gamma Variables (2000); below shape 1 their boost by u^(1/shape). */
function drawGamma(shape: number, random: Random): number {
  if (shape < 1) return drawGamma(shape + 1, random) * (1 - random()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = drawNormal(random);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random()) < (x * x) / 2 + d - d * v + d * Math.log(v)) return d * v;
  }
}

/**
 * The moments at which requests are due, ascending, in milliseconds from the start.
 *
 * There are as many as the rate says, to the nearest whole number, and only their moments are random: the gaps are drawn,
 * then stretched so that one gap more would reach the end. (For exponential gaps that is exactly a Poisson process of
 * which the number of arrivals is known.) Where the rate changes, time runs faster or slower, and the gaps with it.
 * @returns an empty list where less than half an arrival is expected
 */
export function toArrivalOffsets(plan: ArrivalPlan): number[] {
  const expected = expectedArrivals(plan.stages);
  const count = Math.round(expected);
  if (plan.process === "constant") {
    return toMoments(
      plan.stages,
      Array.from({ length: count }, (_, index) => index),
    );
  }
  const random = createRandom(plan.seed ^ STREAM);
  const sums: number[] = [];
  let sum = 0;
  for (let i = 0; i < count; i++) {
    sum += drawGap(plan, random);
    sums.push(sum);
  }
  const scale = expected / (sum + drawGap(plan, random));
  return toMoments(
    plan.stages,
    sums.map((value) => value * scale),
  );
}
