// The arrivals of an open loop: offered, sent, held back by the cap, never sent.

import { createPhases, type PhaseOptions } from "../../../lib/core/plans/phases.ts";
import type { Schedule } from "../../../lib/core/plans/schedule.ts";
import type { RequestLine } from "../../../lib/core/request/facts.ts";
import type { Arrivals } from "../summary.ts";

/** Sums over the measured requests that have a due time. */
export class ArrivalTally {
  sent = 0;
  heldBack = 0;
  #heldBackMs = 0;
  #due = newSpan();
  #start = newSpan();

  /** @param isHeldBack its client was still busy with another request when it was due */
  add({ scheduledMs, startMs }: RequestLine, isHeldBack: boolean): void {
    if (scheduledMs === undefined) return;
    this.sent += 1;
    widen(this.#due, scheduledMs);
    widen(this.#start, startMs);
    if (!isHeldBack) return;
    this.heldBack += 1;
    this.#heldBackMs += startMs - scheduledMs;
  }

  /**
   * Undefined in a closed loop, which has no due times.
   * @param offered the arrivals that were due in the run; without a schedule, those that were sent or dropped
   */
  toArrivals(offered: Offered | undefined, dropped: number): Arrivals | undefined {
    if (this.sent === 0 && offered === undefined) return undefined;
    const count = offered?.count ?? this.sent + dropped;
    const offeredPerSecond = perSecond(count, offered?.spanMs ?? lengthOf(this.#due));
    const achievedPerSecond = perSecond(this.sent, lengthOf(this.#start));
    return {
      offered: count,
      sent: this.sent,
      dropped: Math.max(count - this.sent, 0),
      heldBack: this.heldBack,
      ...(this.heldBack > 0 && { heldBackMeanMs: this.#heldBackMs / this.heldBack }),
      ...(offeredPerSecond !== undefined && { offeredPerSecond }),
      ...(achievedPerSecond !== undefined && { achievedPerSecond }),
    };
  }
}

export interface Offered {
  count: number;
  /** From the first to the last of them. */
  spanMs: number;
}

/**
 * The measured arrivals of a schedule that were due while the run lasted.
 * @param runMs from the start of the schedule to the end of the run
 */
export function countOffered(schedule: Schedule, phases: PhaseOptions, runMs: number): Offered {
  const { offsetsMs, seconds } = schedule;
  const phaseOf = createPhases(phases, { requests: offsetsMs.length, seconds });
  const due = newSpan();
  let count = 0;
  for (const [index, offsetMs] of offsetsMs.entries()) {
    if (offsetMs > runMs) break;
    if (phaseOf(index, offsetMs) !== "measure") continue;
    count += 1;
    widen(due, offsetMs);
  }
  return { count, spanMs: lengthOf(due) };
}

interface Span {
  fromMs: number;
  toMs: number;
}

function newSpan(): Span {
  return { fromMs: Number.POSITIVE_INFINITY, toMs: Number.NEGATIVE_INFINITY };
}

function widen(span: Span, ms: number): void {
  span.fromMs = Math.min(span.fromMs, ms);
  span.toMs = Math.max(span.toMs, ms);
}

function lengthOf({ fromMs, toMs }: Span): number {
  return toMs > fromMs ? toMs - fromMs : 0;
}

/** The rate of this many events that span this much time. */
function perSecond(count: number, spanMs: number): number | undefined {
  return count > 1 && spanMs > 0 ? ((count - 1) * 1000) / spanMs : undefined;
}
