// calibration.json: how true and how fast this client was against a server whose truth is known.
import { formatValue } from "../../lib/core/units.ts";

/** Times in ms. Shown beside a result, never subtracted from it. */
export interface Calibration {
  schema: "server-bench/calibration/1";
  atUnixMs: number;
  /** Clients at the same time, as in the run. */
  streams: number;
  /** How the null server answered: tokens an answer, the time between two of them, that before the first. */
  tokens: number;
  paceMs: number;
  firstTokenMs: number;
  /** Requests that client and null server agree on, and those that they do not. */
  requests: number;
  unmatched: number;
  stamps: "kernel" | "user";
  /** Our time of a token − the server's; of all tokens, merged ones included. */
  stampErrorMs: { median: number; p99: number };
  /** Our TTFT − the server's, request by request. */
  ttftErrorMs: { median: number; p99: number };
  mergedTokensShare: number;
  /** Token events a second without any pace, the null server on the same machine; absent where none came. */
  eventsPerSecond?: number;
}

/** One line for people. */
export function describeCalibration(calibration: Calibration): string {
  const { stampErrorMs, ttftErrorMs, streams, eventsPerSecond: events } = calibration;
  const errors =
    `stamp error p99 ${formatValue(stampErrorMs.p99, "ms")}, TTFT error p99 ${formatValue(ttftErrorMs.p99, "ms")} ` +
    `at ${streams} ${streams === 1 ? "stream" : "streams"}`;
  return events === undefined
    ? errors
    : `${errors}; client's limit ${formatValue(Math.round(events), "count")} events/s`;
}
