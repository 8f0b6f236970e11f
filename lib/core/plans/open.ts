// An open loop: requests are sent when they are due; and the k6 executor for it.
import type { Executor } from "./closed.ts";
import type { Schedule } from "./schedule.ts";

/** The default cap on concurrent requests: each takes a k6 client, a quarter of a megabyte. */
export const MOST_CONCURRENT = 1000;

/** How many requests may be open concurrently. */
export function toConcurrency({ maxConcurrency }: { maxConcurrency?: number }, arrivals: number): number {
  return Math.min(maxConcurrency ?? MOST_CONCURRENT, arrivals);
}

/**
 * One iteration an arrival; a client that is free takes the next one and waits until it is due. What the cap has made
 * late is still sent after the schedule's end, for as long as a request may take.
 * @param totalTimeout longest life of a request, in seconds
 */
export function toOpenExecutor(schedule: Schedule, concurrency: number, totalTimeout: number): Executor {
  const seconds = Math.ceil(schedule.seconds) + Math.max(totalTimeout, 30);
  return {
    executor: "shared-iterations",
    vus: concurrency,
    iterations: schedule.offsetsMs.length,
    maxDuration: `${seconds}s`,
    gracefulStop: "30s",
  };
}
