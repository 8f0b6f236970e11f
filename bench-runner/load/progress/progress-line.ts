// Progress of a run → one line of text. Pure.
import { formatNumber, formatValue } from "../../../lib/core/units.ts";
import { toClock } from "../../platform/clock-text.ts";

export interface LiveFacts {
  elapsedMs: number;
  /** The longest that the run may take. */
  totalMs: number;
  done: number;
  /** Absent if only time ends the run. */
  expected?: number;
  inFlight: number;
  failed: number;
  /** Over the last seconds; absent in the first. */
  tokensPerSecond?: number;
  /** Mean so far; absent before the first token. */
  ttftMeanMs?: number;
}

/**
 * The time left: to the end of the duration, or until the requests are done at the pace so far, whichever comes first.
 * The pace counts from the fifth request on.
 */
export function toRemainingMs({ elapsedMs, totalMs, done, expected }: LiveFacts): number {
  const byTime = Math.max(0, totalMs - elapsedMs);
  if (expected === undefined) return byTime;
  if (done >= expected) return 0;
  return done < 5 ? byTime : Math.min(byTime, (elapsedMs / done) * (expected - done));
}

/** "0:12 / 10:00 · about 0:20 left · 14/32 done · 4 in flight · 0 failed · 201 tokens/s · TTFT mean 105 ms" */
export function toLiveLine(facts: LiveFacts): string {
  const about = facts.done < 5 || facts.expected === undefined ? "" : "about ";
  const isOver = facts.elapsedMs >= facts.totalMs;
  const parts = [
    `${toClock(facts.elapsedMs)} / ${toClock(facts.totalMs)}`,
    isOver ? "open requests end" : `${about}${toClock(toRemainingMs(facts))} left`,
    `${formatNumber(facts.done, "count")}${facts.expected === undefined ? "" : `/${formatNumber(facts.expected, "count")}`} done`,
    `${formatNumber(facts.inFlight, "count")} in flight`,
    `${formatNumber(facts.failed, "count")} failed`,
  ];
  if (facts.tokensPerSecond !== undefined)
    parts.push(`${formatNumber(facts.tokensPerSecond, "count")} tokens/s`);
  if (facts.ttftMeanMs !== undefined) parts.push(`TTFT mean ${formatValue(facts.ttftMeanMs, "ms")}`);
  return parts.join(" · ");
}
