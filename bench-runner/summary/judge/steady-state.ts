// The steady state of a run: the stretch in which every client is at work, without the start-up burst and the run-out.

import type { NoSteady, Window } from "../summary.ts";
import type { Tally } from "../tallies/tally.ts";

const FEWEST_REQUESTS = 10;
const SHORTEST_SECONDS = 1;

/** A stretch with its requests: 1 at the row of each complete one that started and ended inside it. */
export interface SteadyState {
  window: Window;
  isInside: Uint8Array;
  requests: number;
}

/**
 * From the moment when the last of the clients has started its first request to the moment when the first of them has
 * ended its last one, or to the end of the window.
 *
 * In between every client either has a request open or makes the pause that the scenario has between two requests.
 * Requests across one of the two ends are in no statistic of the steady state; their tokens inside it are in its rates.
 * In an open loop there is no such stretch: clients wait for arrivals there, and how many are busy is a result.
 * @param clients how many the run has
 */
export function findSteadyState(
  tally: Tally,
  window: Window | undefined,
  clients: number,
): SteadyState | NoSteady {
  if (window === undefined) return { absent: "no request was measured" };
  if (tally.arrivals.sent > 0) return { absent: "in an open loop clients wait for arrivals" };
  if (tally.clients.size < clients) {
    return { absent: `only ${tally.clients.size} of ${clients} clients sent a request` };
  }
  let [startMs, endMs] = [window.startMs, window.endMs];
  for (const { firstStartMs, lastEndMs } of tally.clients.values()) {
    startMs = Math.max(startMs, firstStartMs);
    endMs = Math.min(endMs, lastEndMs);
  }
  const seconds = (endMs - startMs) / 1000;
  if (seconds < SHORTEST_SECONDS) {
    return {
      absent: `all clients were at work together for ${Math.max(0, seconds).toFixed(1)} s only; it takes ${SHORTEST_SECONDS} s`,
    };
  }
  const { isInside, requests } = markInside(tally, startMs, endMs);
  if (requests < FEWEST_REQUESTS) {
    return {
      absent: `only ${requests} complete requests started and ended while all clients were at work; it takes ${FEWEST_REQUESTS}`,
    };
  }
  return { window: { startMs, endMs, seconds, endedBy: "requests" }, isInside, requests };
}

function markInside(
  tally: Tally,
  startMs: number,
  endMs: number,
): { isInside: Uint8Array; requests: number } {
  const isInside = new Uint8Array(tally.startMs.length);
  let requests = 0;
  for (let row = 0; row < isInside.length; row += 1) {
    if ((tally.startMs.get(row) as number) < startMs || (tally.endMs.get(row) as number) > endMs) continue;
    isInside[row] = 1;
    requests += 1;
  }
  return { isInside, requests };
}
