// Finds the steady state of a run: the stretch in which every client is busy, without ramp-up and ramp-down.

import type { NoSteady, Window } from "../summary.ts";
import type { Tally } from "../tallies/tally.ts";

const FEWEST_REQUESTS = 10;
const SHORTEST_SECONDS = 1;

/** A stretch with its requests: 1 in the row of each complete one that started and ended inside it. */
export interface SteadyState {
  window: Window;
  isInside: Uint8Array;
  requests: number;
}

/**
 * From the moment when the last client starts its first request to the moment when the first client ends its last one, or
 * to the end of the window.
 *
 * In between, every client either has a request open or is in the pause that the scenario makes between two requests.
 * Requests that cross either end are excluded from its statistics; their tokens inside it count in its rates.
 * An open loop has no such stretch: clients wait for arrivals, and how many are busy is a result.
 * @param clients the number of clients of the run
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
      absent: `all clients were busy together for only ${Math.max(0, seconds).toFixed(1)} s; ${SHORTEST_SECONDS} s is required`,
    };
  }
  const { isInside, requests } = markInside(tally, startMs, endMs);
  if (requests < FEWEST_REQUESTS) {
    return {
      absent: `only ${requests} complete requests started and ended while all clients were busy; ${FEWEST_REQUESTS} are required`,
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
