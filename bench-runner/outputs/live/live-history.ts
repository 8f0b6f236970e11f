// The last minutes of a load as the points of the live charts, one for each progress line of the journal.
//
// The points follow from the clock and order of the journal: they do not depend on when the file is read. Pure.

import type { Slo } from "../../../lib/core/goals/slo.ts";
import { FAILED_VERDICTS } from "../../../lib/core/goals/thresholds.ts";
import type { HeaderLine, ProgressLine, RequestLine } from "../../../lib/core/request/facts.ts";
import type { RequestMetrics } from "../../../lib/core/request/request-metrics.ts";
import { toQuantile } from "../../statistics/quantile.ts";

/** Times in milliseconds, rates per second; unknown values are absent. */
export interface LivePoint {
  atUnixMs: number;
  /** Since the point before: complete requests that ended, token events that arrived, requests that failed. */
  requestsPerSecond: number;
  outputTokensPerSecond: number;
  failuresPerSecond: number;
  /** From complete requests that ended in the last 10 s. */
  ttftP50Ms?: number;
  ttftP95Ms?: number;
  tpotP50Ms?: number;
  tpotP95Ms?: number;
  e2eP50Ms?: number;
  e2eP95Ms?: number;
  inFlight: number;
  /** Sums over all repeats so far. */
  completed: number;
  failed: number;
}

/** The current run of k6 and their number; `repeat` is absent before the first run starts. */
export interface LiveState {
  repeat?: number;
  repeats: number;
  /** The objectives of the run: lines in the charts. */
  slos: readonly Slo[];
}

export const HISTORY_MS = 10 * 60_000;
const WINDOW_MS = 10_000;
/** The last progress line comes when the load ends: a rate over a few milliseconds would be a random spike. */
const SHORTEST_MS = 500;

/** The times that the charts show, and their fields of a point. */
const TIMES = [
  ["ttftMs", "ttftP50Ms", "ttftP95Ms"],
  ["tpotMs", "tpotP50Ms", "tpotP95Ms"],
  ["e2eMs", "e2eP50Ms", "e2eP95Ms"],
] as const;
type Times = Record<(typeof TIMES)[number][0], number | undefined>;

interface Mark {
  tMs: number;
  tokens: number;
  completed: number;
  failed: number;
}

export class LiveHistory {
  #points: LivePoint[] = [];
  #epochUnixMs = 0;
  #marks: Mark[] = [];
  /** Complete requests of the last seconds. */
  #latest: (Times & { endMs: number })[] = [];
  #completed = 0;
  #failed = 0;

  get points(): readonly LivePoint[] {
    return this.#points;
  }

  /** A run of k6 begins: its clock and its sums start from 0 again. */
  addHeader({ epochUnixMs }: HeaderLine): void {
    this.#epochUnixMs = epochUnixMs;
    this.#marks = [];
    this.#latest = [];
  }

  addRequest({ endMs }: RequestLine, metrics: RequestMetrics): void {
    if (FAILED_VERDICTS.includes(metrics.verdict)) this.#failed += 1;
    if (metrics.verdict !== "complete") return;
    this.#completed += 1;
    this.#latest.push({ endMs, ttftMs: metrics.ttftMs, tpotMs: metrics.tpotMs, e2eMs: metrics.e2eMs });
  }

  /** @returns the new point, which replaces the last one if less than half a second has passed */
  addProgress({ tMs, tokens, inFlight }: ProgressLine): LivePoint {
    const now: Mark = { tMs, tokens, completed: this.#completed, failed: this.#failed };
    const last = this.#marks.at(-1);
    if (last !== undefined && tMs - last.tMs < SHORTEST_MS) {
      this.#marks.pop();
      this.#points.pop();
    }
    const from = this.#marks.at(-1) ?? this.#beforeFirst(now);
    this.#marks = [from, now];
    const point = this.#toPoint(from, now, inFlight);
    this.#points.push(point);
    this.#points = this.#points.filter(({ atUnixMs }) => atUnixMs > point.atUnixMs - HISTORY_MS);
    return point;
  }

  /** Progress lines come once a second, the first one a second after the journal was opened. */
  #beforeFirst({ tMs }: Mark): Mark {
    const { completed = 0, failed = 0 } = this.#points.at(-1) ?? {};
    return { tMs: Math.max(0, tMs - 1000), tokens: 0, completed, failed };
  }

  #toPoint(from: Mark, now: Mark, inFlight: number): LivePoint {
    this.#latest = this.#latest.filter(({ endMs }) => endMs > now.tMs - WINDOW_MS);
    const seconds = Math.max(1, now.tMs - from.tMs) / 1000;
    return {
      atUnixMs: Math.round(this.#epochUnixMs + now.tMs),
      requestsPerSecond: (now.completed - from.completed) / seconds,
      outputTokensPerSecond: (now.tokens - from.tokens) / seconds,
      failuresPerSecond: (now.failed - from.failed) / seconds,
      ...toPercentiles(this.#latest),
      inFlight,
      completed: now.completed,
      failed: now.failed,
    };
  }
}

/** Median and p95 of each time; absent where no request has it. */
function toPercentiles(requests: readonly Times[]): Partial<LivePoint> {
  const found: Partial<LivePoint> = {};
  for (const [time, median, high] of TIMES) {
    const sorted = Float64Array.from(requests.flatMap((request) => request[time] ?? [])).sort();
    const [p50, p95] = [toQuantile(sorted, 0.5), toQuantile(sorted, 0.95)];
    if (p50 !== undefined) found[median] = p50;
    if (p95 !== undefined) found[high] = p95;
  }
  return found;
}
