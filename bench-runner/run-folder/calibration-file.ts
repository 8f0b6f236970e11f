// calibration.json: the accuracy and the speed of this client against a server whose times are known.
import type { StampSource } from "../../lib/core/request/facts.ts";
import { formatValue } from "../../lib/core/units.ts";
import type { ClientPriority } from "./run-files.ts";

/** Times in ms. Shown with a result, never subtracted from it. */
export interface Calibration {
  schema: "server-bench/calibration/1";
  atUnixMs: number;
  /** Concurrent clients, as in the run. */
  streams: number;
  /** How the null server answered: tokens per answer, the time between two tokens, the time to the first. */
  tokens: number;
  paceMs: number;
  firstTokenMs: number;
  /** Requests on which client and null server agree, and the others. */
  requests: number;
  unmatched: number;
  stamps: StampSource;
  /** Our time of a token − the server's, over all tokens, merged ones included. */
  stampErrorMs: { median: number; p99: number };
  /** Our TTFT − the server's, request by request. */
  ttftErrorMs: { median: number; p99: number };
  mergedTokensShare: number;
  /** Cores kept busy meanwhile, as many as the run's server and other programs had occupied; absent if none. */
  busyCores?: number;
  /** k6's priority and session, as in the run. */
  clientPriority?: ClientPriority;
  /** Token events per second at full speed, with the null server on the same machine; absent if none came. */
  eventsPerSecond?: number;
}

/** One line of text. */
export function describeCalibration(calibration: Calibration): string {
  const { stampErrorMs, ttftErrorMs, streams, busyCores, eventsPerSecond: events } = calibration;
  const errors =
    `stamp error p99 ${formatValue(stampErrorMs.p99, "ms")}, TTFT error p99 ${formatValue(ttftErrorMs.p99, "ms")} ` +
    `at ${streams} ${streams === 1 ? "stream" : "streams"}` +
    (busyCores === undefined ? "" : ` beside ${busyCores.toFixed(1)} busy cores`);
  return events === undefined
    ? errors
    : `${errors}; client's limit ${formatValue(Math.round(events), "count")} events/s`;
}
