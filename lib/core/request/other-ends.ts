// What a request's metrics can be where the time of its first token is known only as a range. Not in scenario bundles.
//
// The value that everybody sees by default is the end that does not flatter the server: the longest time, the lowest rate.
// So a threshold never passes by a doubt. This file has the other end.
import type { Facts } from "./facts.ts";
import { type RequestDetails, toRequestDetails } from "./request-details.ts";
import { REQUEST_TRENDS, type TrendKey } from "./trends.ts";

/** The moments between which the first token arrived; undefined if its time is known exactly. */
export function toFirstTokenRange({
  firstTokenMs,
  firstTokenEarliestMs,
  sentMs,
}: Facts): { earliestMs: number; latestMs: number } | undefined {
  if (firstTokenMs === undefined || firstTokenEarliestMs === undefined) return undefined;
  // No server answers a request before it is sent.
  const earliestMs = Math.max(firstTokenEarliestMs, sentMs ?? firstTokenEarliestMs);
  return earliestMs < firstTokenMs ? { earliestMs, latestMs: firstTokenMs } : undefined;
}

/**
 * The facts as if the first token had arrived at a moment of its range. What shares its stamp came with the same read: the
 * headers were there by then, and a first content with the same stamp is in the same range.
 */
export function withFirstToken(facts: Facts, atMs: number): Facts {
  const { firstTokenEarliestMs: _, ...exact } = facts;
  const { firstTokenMs, firstContentMs, headersMs } = facts;
  exact.firstTokenMs = atMs;
  if (firstContentMs !== undefined && firstContentMs === firstTokenMs) exact.firstContentMs = atMs;
  if (headersMs !== undefined && headersMs === firstTokenMs) exact.headersMs = atMs;
  return exact;
}

/**
 * The other end of each trend that depends on the first token's time, in the trend's unit; Infinity for a rate over a time
 * that may be 0. Undefined if that time is known exactly.
 *
 * Every metric rises or falls with that time throughout, so its ends are those at the ends of the range.
 * @param details the request's own, which have the end that does not flatter the server
 */
export function toOtherEnds(facts: Facts, details: RequestDetails): Map<TrendKey, number> | undefined {
  const range = toFirstTokenRange(facts);
  if (range === undefined) return undefined;
  const [early, late] = [range.earliestMs, range.latestMs].map((ms) =>
    toRequestDetails(withFirstToken(facts, ms)),
  ) as [RequestDetails, RequestDetails];
  const ends = new Map<TrendKey, number>();
  for (const { key, of } of REQUEST_TRENDS) {
    const own = of(details);
    if (own === undefined) continue;
    // The farther of the two: `details` may allow for a moment before the request was sent.
    const [a, b] = [of(early) ?? Number.POSITIVE_INFINITY, of(late) ?? Number.POSITIVE_INFINITY];
    const other = Math.abs(a - own) > Math.abs(b - own) ? a : b;
    if (other !== own) ends.set(key, other);
  }
  return ends;
}
