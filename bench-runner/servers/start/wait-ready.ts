// The wait for a server that was started: until it is ready, has died, or takes too long.
import { setTimeout as delay } from "node:timers/promises";
import type { ProcessGroup } from "../../platform/processes.ts";

/** How often it is asked. The time to ready is as exact as that. */
const POLL_MS = 25;
/** After the first seconds it is a matter of seconds. */
const LATE_POLL_MS = 100;
const EARLY_MS = 5_000;

export type Wait =
  /** From the start to the answer that said so. */
  | { end: "ready"; seconds: number }
  | { end: "died" | "stopped" }
  /** `status`: the last answer; absent where nothing answered. */
  | { end: "too-late"; status?: number };

/**
 * Asks again and again until 200 is the answer.
 * @param ask the status of an answer; undefined where nothing answers
 * @param options.sinceMs when the server was started, on the clock of `performance.now`
 * @param options.stopped aborted when the user wants to stop
 */
export async function waitForServer(
  server: ProcessGroup,
  ask: () => Promise<number | undefined>,
  options: { sinceMs: number; timeoutSeconds: number; stopped: AbortSignal },
): Promise<Wait> {
  const { sinceMs, timeoutSeconds, stopped } = options;
  const elapsedMs = () => performance.now() - sinceMs;
  let status: number | undefined;
  while (server.end === undefined && !stopped.aborted && elapsedMs() <= timeoutSeconds * 1000) {
    status = await Promise.race([ask(), server.ended.then(() => undefined)]);
    if (status === 200 && server.end === undefined) return { end: "ready", seconds: elapsedMs() / 1000 };
    const pauseMs = elapsedMs() < EARLY_MS ? POLL_MS : LATE_POLL_MS;
    await Promise.race([delay(pauseMs, undefined, { signal: stopped }).catch(() => undefined), server.ended]);
  }
  if (stopped.aborted) return { end: "stopped" };
  if (server.end !== undefined) return { end: "died" };
  return { end: "too-late", ...(status !== undefined && { status }) };
}
