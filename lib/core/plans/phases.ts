// Which requests are measured: all but a warm-up and a cool-down, by number or by time.

export type Phase = "warmup" | "measure" | "cooldown";

/** Requests, and times in seconds; absent: no such phase. */
export interface PhaseOptions {
  warmupRequests?: number;
  warmupTime?: number;
  cooldownRequests?: number;
  cooldownTime?: number;
}

/** Whether every request is measured. */
export function measuresAll({
  warmupRequests,
  warmupTime,
  cooldownRequests,
  cooldownTime,
}: PhaseOptions): boolean {
  return !warmupRequests && !warmupTime && !cooldownRequests && !cooldownTime;
}

export interface Extent {
  /** Requests of the whole run; undefined where only its time is known. */
  requests: number | undefined;
  /** Planned time of the whole run; undefined where only its requests are known. */
  seconds: number | undefined;
}

/**
 * @param extent what the cool-down counts back from
 * @returns a function of a request's number (over the whole run, from 0) and the milliseconds from the start of the load
 *   to when it is due (open loop) or starts (closed loop). Where two rules apply, the request belongs to either phase's
 *   longer one; a warm-up comes before a cool-down.
 */
export function createPhases(
  options: PhaseOptions,
  extent: Extent,
): (index: number, elapsedMs: number) => Phase {
  const firstIndex = options.warmupRequests ?? 0;
  const firstMs = (options.warmupTime ?? 0) * 1000;
  const endIndex =
    extent.requests === undefined
      ? Number.POSITIVE_INFINITY
      : extent.requests - (options.cooldownRequests ?? 0);
  const endMs =
    extent.seconds === undefined || !options.cooldownTime
      ? Number.POSITIVE_INFINITY
      : extent.seconds * 1000 - options.cooldownTime * 1000;
  return (index, elapsedMs) => {
    if (index < firstIndex || elapsedMs < firstMs) return "warmup";
    return index >= endIndex || elapsedMs >= endMs ? "cooldown" : "measure";
  };
}
