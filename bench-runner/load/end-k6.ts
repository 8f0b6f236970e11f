// The end of k6: by itself, on request, or by force where requests stay open behind the load's own end.
import { setTimeout as delay } from "node:timers/promises";
import type { ProgressLine } from "../../lib/core/request/facts.ts";
import type { LoadPlan } from "../config/load-plan.ts";
import type { Ended, ProcessGroup } from "../platform/processes.ts";
import type { StopRequest } from "../platform/stop-request.ts";

/** How long requests may stay open, none of them ending, when the load is over. */
const STUCK_MS = 2_000;
/** Time that k6 has to write its summary after a stop request. */
export const STOP_MS = 15_000;
/** The same after the planned end, where no user waits. */
const SUMMARY_MS = 60_000;
const POLL_MS = 250;

/** As the plans of the loads and k6's default have it. */
const GRACEFUL_STOP_SECONDS = 30;

/** The longest from the first request to the end of the last one, as k6 has been told. Pure. */
export function toMostSeconds({ kind, seconds, isScripts, options }: LoadPlan): number {
  if (isScripts) return seconds;
  const late = kind === "open" ? Math.max(options.totalTimeout, 30) : 0;
  return Math.ceil(seconds) + late + GRACEFUL_STOP_SECONDS;
}

/** Whether requests are open of which none has ended for a while. */
class StuckRequests {
  readonly #readProgress: () => ProgressLine | undefined;
  #done: number | undefined;
  #movedMs = performance.now();

  constructor(readProgress: () => ProgressLine | undefined) {
    this.#readProgress = readProgress;
    this.#done = readProgress()?.done;
  }

  isThere(): boolean {
    const progress = this.#readProgress();
    if (progress?.done !== this.#done) {
      this.#done = progress?.done;
      this.#movedMs = performance.now();
    }
    return (progress?.inFlight ?? 0) > 0 && performance.now() - this.#movedMs > STUCK_MS;
  }
}

/**
 * Stops k6 as Ctrl-C does, so that it still writes its summary.
 * @returns whether it had to be killed: requests were stuck, or it did not end within `longestMs`
 */
export async function stopK6(
  k6: ProcessGroup,
  readProgress: () => ProgressLine | undefined,
  longestMs: number,
): Promise<boolean> {
  k6.signal("SIGINT");
  const stuck = new StuckRequests(readProgress);
  const deadline = performance.now() + longestMs;
  let isKilled = false;
  while (k6.end === undefined && !isKilled) {
    await Promise.race([k6.ended, delay(POLL_MS)]);
    isKilled = k6.end === undefined && (stuck.isThere() || performance.now() > deadline);
  }
  if (isKilled) k6.kill();
  await k6.ended;
  return isKilled;
}

/**
 * Resolves if requests are stuck behind the longest time of the load, or k6 does not end a minute later; never where it ends.
 * @param mostSeconds see toMostSeconds
 */
export async function waitUntilOverdue(
  k6: ProcessGroup,
  readProgress: () => ProgressLine | undefined,
  mostSeconds: number,
): Promise<"overdue"> {
  const longestMs = mostSeconds * 1000 + STUCK_MS;
  let begunMs: number | undefined;
  let stuck: StuckRequests | undefined;
  while (k6.end === undefined) {
    await Promise.race([k6.ended, delay(POLL_MS)]);
    if (k6.end !== undefined) break;
    // How long k6 takes to prepare its clients is not limited.
    if (begunMs === undefined && (readProgress()?.started ?? 0) > 0) begunMs = performance.now();
    const lateMs = begunMs === undefined ? -1 : performance.now() - begunMs - longestMs;
    if (lateMs < 0) continue;
    stuck ??= new StuckRequests(readProgress);
    if (stuck.isThere() || lateMs > SUMMARY_MS) return "overdue";
  }
  return new Promise(() => {});
}

/** Waits for the end of k6; stops it as Ctrl-C does when the user asks for that. */
export async function awaitK6(k6: ProcessGroup, { signal }: StopRequest): Promise<Ended> {
  const stop = () => void stopK6(k6, () => undefined, STOP_MS);
  signal.addEventListener("abort", stop, { once: true });
  const end = await k6.ended;
  signal.removeEventListener("abort", stop);
  return end;
}
