import { describe, expect, test } from "vitest";
import type { RequestLine } from "../../../lib/core/request/facts.ts";
import type { Window } from "../summary.ts";
import { Tally } from "../tallies/tally.ts";
import { findSteadyState } from "./steady-state.ts";

/** A complete request of a client. */
function request(vu: number, startMs: number, endMs: number, more: Partial<RequestLine> = {}): RequestLine {
  return {
    type: "request",
    id: 1,
    vu,
    iteration: 0,
    scenario: "default",
    labels: {},
    startMs,
    sentMs: startMs,
    endMs,
    status: 200,
    ended: "marker",
    stamps: "kernel",
    mergedTokens: 0,
    tokenEvents: 1,
    contentEvents: 1,
    reasoningEvents: 0,
    toolCallEvents: 0,
    reads: 1,
    events: 1,
    malformedEvents: 0,
    bytes: 1,
    fields: { finishReason: "stop" },
    reused: true,
    retried: false,
    requestBytes: 1,
    ...more,
  };
}

/** Requests of `lengthMs` one after the other, with a pause of 10 ms. */
function client(vu: number, startMs: number, count: number, lengthMs: number): RequestLine[] {
  return Array.from({ length: count }, (_, index) => {
    const at = startMs + index * (lengthMs + 10);
    return request(vu, at, at + lengthMs);
  });
}

const window: Window = { startMs: 0, endMs: 10_000, seconds: 10, endedBy: "requests" };

function find(lines: RequestLine[], clients: number, within: Window | undefined = window) {
  const tally = new Tally(64);
  for (const line of lines) tally.add(line);
  return findSteadyState(tally, within, clients);
}

describe("findSteadyState", () => {
  // The second client starts at 250 and ends at 250 + 20 · 110 − 10 = 2440, the first one at 30 · 110 − 10 = 3290.
  const two = [...client(1, 0, 30, 100), ...client(2, 250, 20, 100)];

  test("runs from the last first start to the first last end, pauses included", () => {
    expect(find(two, 2)).toMatchObject({ window: { startMs: 250, endMs: 2440, seconds: 2.19 } });
  });

  test("takes the complete requests that started and ended inside", () => {
    // The first client's 4th starts at 330 and its 22nd ends at 2410: 19, and all 20 of the second one.
    const state = find(two, 2);
    expect(state).toMatchObject({ requests: 39 });
    expect("isInside" in state && state.isInside.slice(0, 4)).toEqual(new Uint8Array([0, 0, 0, 1]));
    const failed = request(2, 300, 400, { ended: "error", fields: {}, error: { kind: "tcp", message: "" } });
    expect(find([...two, failed], 2)).toMatchObject({ requests: 39 });
  });

  test("ends with the window if that is earlier", () => {
    const short: Window = { startMs: 0, endMs: 1500, seconds: 1.5, endedBy: "duration" };
    expect(find(two, 2, short)).toMatchObject({ window: { startMs: 250, endMs: 1500 } });
  });

  test.each([
    ["nothing was measured", [], 1, undefined, "no request was measured"],
    ["a client sent no request", two, 3, window, "only 2 of 3 clients sent a request"],
    [
      "one client finished before the last one began",
      [...client(1, 0, 5, 100), ...client(2, 5000, 30, 100)],
      2,
      window,
      "all clients were busy together for only 0.0 s; 1 s is required",
    ],
    [
      // Out of five each, the first client's first and the second client's last request cross an end.
      "too few requests lie inside",
      [...client(1, 0, 5, 1000), ...client(2, 100, 5, 1000)],
      2,
      window,
      "only 8 complete requests started and ended while all clients were busy; 10 are required",
    ],
    [
      "the loop is open",
      [request(1, 0, 100, { scheduledMs: 0 })],
      1,
      window,
      "in an open loop clients wait for arrivals",
    ],
  ] as const)("has none, and gives the reason, if %s", (_sentence, lines, clients, within, reason) => {
    const tally = new Tally(64);
    for (const line of lines) tally.add(line);
    expect(findSteadyState(tally, within, clients)).toEqual({ absent: reason });
  });
});
