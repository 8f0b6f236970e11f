// The size of a point of a sweep: enough requests to certify the p95, unless the user sets their number or the duration. Pure.
import { parseSeconds } from "../../../lib/core/parse-seconds.ts";
import { toRank } from "../../statistics/certified-percentile.ts";
import type { SweepAxis } from "./sweep-goal.ts";

/** The size of the smallest sample whose p95 can be certified. */
export const NEEDED_FOR_P95: number = countNeeded();

/** Fewest requests per client of a closed loop: with fewer, its start and its end are most of what is measured. */
const PER_CLIENT = 20;
/** Shortest point of an open loop: shorter ones show little of a queue. */
const SHORTEST_SECONDS = 30;
/** For one request in an open loop. */
const SHORTEST_TIMEOUT_SECONDS = 60;
/** Share of an open loop's time before the measured part. */
const WARMUP_SHARE = 0.1;

export interface PointSizeRule {
  axis: SweepAxis;
  load: number;
  maxSeconds: number;
  /** Texts of the run's own options that the user gave, by flag. */
  given: Readonly<Record<string, string | undefined>>;
}

function countNeeded(): number {
  let count = 1;
  while (toRank(count, 0.95) === undefined) count += 1;
  return count;
}

/**
 * The run's own options for one point, by flag.
 *
 * Closed loop: one warm-up request per client, then as many as the certified p95 needs, at least 20 per client. Open
 * loop: the time in which the rate yields that many (plus two standard deviations of their number), at least 30 s; a
 * tenth of it is warm-up, and no request may take longer than the point. No point takes longer than `maxSeconds`.
 * `--iterations` or `--duration` fix the size, the warm-up included.
 */
export function toPointFlags({ axis, load, maxSeconds, given }: PointSizeRule): Record<string, string> {
  const isFixed = given.iterations !== undefined || given.duration !== undefined;
  const hasWarmup = given["warmup-requests"] !== undefined || given["warmup-time"] !== undefined;
  return axis === "concurrency"
    ? {
        vus: String(load),
        ...toClosedSize({ load, maxSeconds, given, isFixed, hasWarmup }),
      }
    : { rate: String(load), ...toOpenSize({ load, maxSeconds, given, isFixed, hasWarmup }) };
}

type Size = Omit<PointSizeRule, "axis"> & { isFixed: boolean; hasWarmup: boolean };

function toClosedSize({ load, maxSeconds, given, isFixed, hasWarmup }: Size): Record<string, string> {
  if (isFixed) {
    const { iterations, duration, scenario } = given;
    const requests = iterations === undefined ? undefined : Number(iterations);
    // Only a duration: a plain loop would end with its prompts.
    const byTime = requests === undefined &&
      scenario === undefined && { "thread-stop-time": duration as string };
    const isRoomy = requests === undefined || requests >= 4 * load;
    return { ...byTime, ...(!hasWarmup && isRoomy && { "warmup-requests": String(load) }) };
  }
  const warmup = hasWarmup ? Number(given["warmup-requests"] ?? 0) : load;
  const requests = Math.max(NEEDED_FOR_P95, PER_CLIENT * load) + warmup;
  return {
    iterations: String(requests),
    duration: String(maxSeconds),
    ...(!hasWarmup && { "warmup-requests": String(warmup) }),
  };
}

function toOpenSize({ load, maxSeconds, given, isFixed, hasWarmup }: Size): Record<string, string> {
  if (isFixed) {
    const { iterations, duration } = given;
    const seconds = duration === undefined ? undefined : parseSeconds(duration);
    if (seconds !== undefined) {
      return {
        ...toPatience(seconds, given),
        ...(!hasWarmup && { "warmup-time": toSeconds(seconds * WARMUP_SHARE) }),
      };
    }
    return hasWarmup ? {} : { "warmup-requests": String(Math.floor(Number(iterations) * WARMUP_SHARE)) };
  }
  const wanted = NEEDED_FOR_P95 + 2 * Math.sqrt(NEEDED_FOR_P95);
  const measured = Math.max(SHORTEST_SECONDS, wanted / load);
  const total = Math.min(maxSeconds, hasWarmup ? measured : measured / (1 - WARMUP_SHARE));
  return {
    duration: toSeconds(total),
    ...toPatience(total, given),
    ...(!hasWarmup && { "warmup-time": toSeconds(total * WARMUP_SHARE) }),
  };
}

/** Far above its capacity a server would answer for hours: a request may take as long as its point, at least a minute. */
function toPatience(seconds: number, given: Size["given"]): Record<string, string> {
  if (given["total-timeout"] !== undefined) return {};
  return { "total-timeout": toSeconds(Math.max(SHORTEST_TIMEOUT_SECONDS, seconds)) };
}

/** Whole milliseconds. */
function toSeconds(seconds: number): string {
  return String(Math.round(seconds * 1000) / 1000);
}
