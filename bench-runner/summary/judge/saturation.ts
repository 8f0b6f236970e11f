// Judges whether the server kept up with an open loop: do as many requests leave it as arrive, or does the queue grow?
import type { RequestLine } from "../../../lib/core/request/facts.ts";
import type { Verdict } from "../../../lib/core/request/verdict.ts";
import { formatNumber, formatValue } from "../../../lib/core/units.ts";
import { toUpperQuantile } from "../../statistics/quantile.ts";
import { ValueColumn } from "../../statistics/value-column.ts";
import type { Saturation } from "../summary.ts";

/** A server that loses more than this share keeps up with less than 95 % of the offered load. */
const LOST_SHARE = 0.05;
/**
 * A queue fluctuates by itself, more so the nearer it is to its limit. At the limit it is a random walk: for gaps and service
 * times as irregular as an exponential distribution's, the mean of its last third differs from that of its first third by
 * 1.05 · √arrivals (standard deviation). Two thirds of that count as growth. saturation.test.ts shows the error rate.
 */
const NOISE = 0.7;
/** With fewer arrivals no judgement is possible. */
const FEWEST_ARRIVALS = 20;
/** The first requests of the run show how long the server takes while it is empty. */
const FIRST_REQUESTS = 10;

/** Requests that an overloaded server never answers: they count as waiting forever. */
const UNSERVED: readonly Verdict[] = ["timeout", "refused", "interrupted"];
const OVERLOAD_STATUS: readonly unknown[] = [429, 503];

/** When each request was due and when it left the server, in all phases of a run; 16 bytes per request. */
export class QueueTally {
  readonly dueMs = new ValueColumn();
  /** Has no value for a request that was never served. */
  readonly leftMs = new ValueColumn();

  add(line: RequestLine, verdict: Verdict): void {
    if (line.scheduledMs === undefined) return;
    const row = this.dueMs.length;
    this.dueMs.put(row, line.scheduledMs);
    const isServed = !OVERLOAD_STATUS.includes(line.status) && !UNSERVED.includes(verdict);
    if (isServed) this.leftMs.put(row, line.endMs);
  }
}

/** A stretch of time with its arrivals and queue. */
interface Stretch {
  fromMs: number;
  toMs: number;
  /** Requests that were due in it. */
  arrivals: number;
  /** Mean number of requests that were due and had not left. */
  present: number;
}

/**
 * Divides the window, once the server has filled, into three parts and compares the mean number of requests in the system in
 * the last third with the first. The server is saturated if more than 5 % of the arrivals stay, and more than noise explains.
 *
 * When arrivals become more frequent, more of them are in progress although none waits longer (Little's law): growth is what
 * remains after both means are scaled to the same rate, and the lower of the two figures counts.
 * @param window milliseconds of the journal's epoch
 * @param dropped arrivals of the window that were never sent
 * @returns undefined in a closed loop, and if there are too few requests to judge
 */
export function findSaturation(
  queue: QueueTally,
  window: { startMs: number; endMs: number },
  dropped: number,
): Saturation | undefined {
  const span = toJudgedSpan(queue, window);
  if (span === undefined) return undefined;
  const third = (span.toMs - span.fromMs) / 3;
  const [first, last] = [0, 2].map((part) =>
    observe(queue, span.fromMs + part * third, span.fromMs + (part + 1) * third),
  ) as [Stretch, Stretch];
  const { arrivals } = observe(queue, span.fromMs, span.toMs);
  if (arrivals < FEWEST_ARRIVALS) return undefined;
  const perMs = arrivals / (span.toMs - span.fromMs);
  const growth = Math.min(last.present - first.present, toSteadyGrowth(first, last, perMs));
  // From the middle of the first third to the middle of the last one.
  const growthPerMs = growth / (2 * third);
  const lostShare = growthPerMs / perMs;
  const sent = observe(queue, window.startMs, window.endMs).arrivals;
  const droppedShare = dropped / (sent + dropped);
  const isGrowing = lostShare > LOST_SHARE && growth > NOISE * Math.sqrt(arrivals + 2 * first.present);
  const reason = isGrowing
    ? `${formatNumber(growthPerMs * 1000, "requests/s")} of ${formatNumber(perMs * 1000, "requests/s")} requests per second were left over, so the queue grew`
    : droppedShare > LOST_SHARE
      ? `${formatValue(droppedShare, "share")} of the requests were never sent`
      : undefined;
  return {
    saturated: reason !== undefined,
    achievedShare: Math.min(1, (1 - droppedShare) * (1 - lostShare)),
    queueGrowthPerSecond: growthPerMs * 1000,
    ...(reason !== undefined && { reason }),
  };
}

/** From the moment the server has filled to the last arrival: after it there is no load to keep up with. */
function toJudgedSpan(
  { dueMs, leftMs }: QueueTally,
  window: { startMs: number; endMs: number },
): { fromMs: number; toMs: number } | undefined {
  const first: { due: number; stay: number }[] = [];
  let lastDueMs = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < dueMs.length; row += 1) {
    const due = dueMs.get(row) as number;
    lastDueMs = Math.max(lastDueMs, due);
    if (first.length === FIRST_REQUESTS && due >= (first.at(-1)?.due ?? 0)) continue;
    first.push({ due, stay: (leftMs.get(row) ?? Number.POSITIVE_INFINITY) - due });
    first.sort((a, b) => a.due - b.due);
    first.length = Math.min(first.length, FIRST_REQUESTS);
  }
  const toMs = Math.min(window.endMs, lastDueMs);
  const stays = first
    .map(({ stay }) => stay)
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  const [short = 0, middle = 0] = [toUpperQuantile(stays, 0.25), toUpperQuantile(stays, 0.5)];
  const startMs = first[0]?.due;
  const lengthMs = toMs - window.startMs;
  if (startMs === undefined || !(lengthMs > 0)) return undefined;
  // Requests take so long that the server did not fill within the window.
  if (short > lengthMs / 3) return undefined;
  return {
    fromMs: Math.max(window.startMs, Math.min(startMs + 2 * middle, toMs - (2 / 3) * lengthMs)),
    toMs,
  };
}

function observe({ dueMs, leftMs }: QueueTally, fromMs: number, toMs: number): Stretch {
  let arrivals = 0;
  let presentMs = 0;
  for (let row = 0; row < dueMs.length; row += 1) {
    const due = dueMs.get(row) as number;
    if (due >= fromMs && due < toMs) arrivals += 1;
    const left = leftMs.get(row) ?? toMs;
    presentMs += Math.max(0, Math.min(left, toMs) - Math.max(due, fromMs));
  }
  return { fromMs, toMs, arrivals, present: presentMs / (toMs - fromMs) };
}

/** The growth after both stretches are scaled to the same arrival rate. */
function toSteadyGrowth(first: Stretch, last: Stretch, perMs: number): number {
  const atRate = ({ present, arrivals, fromMs, toMs }: Stretch) =>
    arrivals === 0 ? Number.POSITIVE_INFINITY : (present / arrivals) * (toMs - fromMs) * perMs;
  const [before, after] = [atRate(first), atRate(last)];
  return Number.isFinite(before) && Number.isFinite(after) ? after - before : Number.POSITIVE_INFINITY;
}
