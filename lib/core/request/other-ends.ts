// What a request's metrics can be where the time of a token is known only as a range. Not in scenario bundles.
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

/** Both ends of what is not known exactly of a request. */
export interface FactsAtEnds {
  /** The first token and the first content as early as they can have come. */
  early: Facts;
  /** As late, and the last token as early: the least time between them. */
  late: Facts;
}

/**
 * The facts at both ends; undefined if all times are known exactly. What shares the first token's stamp came with the same
 * read: the headers were there by then, and a first content with the same stamp is in the same range.
 */
export function toFactsAtEnds(facts: Facts): FactsAtEnds | undefined {
  const {
    firstTokenEarliestMs: _,
    firstContentEarliestMs: contentFromMs,
    lastTokenEarliestMs: lastFromMs,
    ...exact
  } = facts;
  const { firstTokenMs, firstContentMs, headersMs, lastTokenMs } = facts;
  const range = toFirstTokenRange(facts);
  if (range === undefined && contentFromMs === undefined && lastFromMs === undefined) return undefined;
  const [early, late]: [Facts, Facts] = [{ ...exact }, { ...exact }];
  if (range !== undefined) {
    early.firstTokenMs = range.earliestMs;
    if (firstContentMs !== undefined && firstContentMs === firstTokenMs)
      early.firstContentMs = range.earliestMs;
    if (headersMs !== undefined && headersMs === firstTokenMs) early.headersMs = range.earliestMs;
  }
  if (contentFromMs !== undefined) {
    early.firstContentMs = Math.max(contentFromMs, early.firstTokenMs ?? contentFromMs);
  }
  if (lastFromMs !== undefined && lastTokenMs !== undefined) {
    late.lastTokenMs = Math.min(Math.max(lastFromMs, firstTokenMs ?? lastFromMs), lastTokenMs);
  }
  return { early, late };
}

/**
 * The other end of each trend that depends on a time that is a range, in the trend's unit; Infinity for a rate over a time
 * that may be 0. Undefined if all times are known exactly.
 *
 * Every metric rises or falls with each of them throughout, so its ends are those at the ends of the ranges.
 * @param details the request's own, which have the end that does not flatter the server
 */
export function toOtherEnds(facts: Facts, details: RequestDetails): Map<TrendKey, number> | undefined {
  const found = toFactsAtEnds(facts);
  if (found === undefined) return undefined;
  const [early, late] = [toRequestDetails(found.early), toRequestDetails(found.late)];
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
