// The formulas of the metrics that k6 gets, which every client of k6 loads: the other formulas are in metrics.ts.
import type { Facts, FieldValue } from "./facts.ts";
import { isStopped, isTruncated } from "./finish-reason.ts";
import { toVerdict, type Verdict } from "./verdict.ts";

/**
 * Times in milliseconds, rates per second. An unknown value is undefined, never 0; every key is present, because
 * omitting keys costs a client of k6 a tenth of its work for a request.
 */
export type DerivedMetrics = ReturnType<typeof deriveMetrics>;

/** The same without the keys of unknown values. */
export type RequestMetrics = { verdict: Verdict } & {
  [K in Exclude<keyof DerivedMetrics, "verdict">]?: NonNullable<DerivedMetrics[K]>;
};

/** More than any count, time or rate of a request: beyond it, sums lose their sense. */
const MOST = 1e12;

/** The value if it is a number that a count, time or rate can be, whatever a server says. */
export function toNumber(value: FieldValue | undefined): number | undefined {
  return typeof value === "number" && value >= 0 && value <= MOST ? value : undefined;
}

/** The whole number in a label; undefined for any other text. */
export function toCount(label: string | undefined): number | undefined {
  return label !== undefined && /^\d+$/.test(label) ? Number(label) : undefined;
}

/** The difference; undefined if a part is. */
export function minus(later: number | undefined, earlier: number | undefined): number | undefined {
  return later === undefined || earlier === undefined ? undefined : later - earlier;
}

/** The quotient times `factor`; undefined if a part is, or if the divisor is not above 0. */
export function over(part: number | undefined, whole: number | undefined, factor = 1): number | undefined {
  return part === undefined || !whole || whole < 0 ? undefined : (part / whole) * factor;
}

/** Prompt and completion tokens together, from usage. */
export function toTotalTokens({ fields }: Facts): number | undefined {
  const completion = toNumber(fields.completionTokens);
  return toNumber(fields.totalTokens) ?? minus(toNumber(fields.promptTokens), completion && -completion);
}

/** The reasoning tokens of usage that no event carried; NaN where the server does not count them. */
export function toHiddenTokens({ fields, reasoningEvents, tokenEvents }: Facts): number {
  const reasoning = toNumber(fields.reasoningTokens) as number;
  const completion = toNumber(fields.completionTokens) as number;
  // Some servers count reasoning beside the completion, not within it: at least one token came with each event.
  return reasoningEvents ? 0 : Math.max(0, Math.min(reasoning, completion - tokenEvents));
}

/**
 * Whether more tokens were streamed than were seen: unread texts, or less text than so many tokens can be.
 * @param tokens by usage, without the hidden ones
 */
export function lacksText({ unread, tokenEvents, tokenBytes }: Facts, tokens: number): boolean {
  return !!unread || (tokens > 2 * tokenEvents + 2 && (tokenBytes as number) < tokens * 1.5);
}

/** Events of at most so much text have one token each, where the first one is a bundle. */
const LONG_TOKEN_BYTES = 8;

/**
 * The tokens that came after the first token event; undefined or NaN if that is not known.
 *
 * Each event has one token, unless usage counts more: then those of the first event are as many as its share of the text.
 * If that is a bundle, several times longer than the others, these have one token each, or more if there is text for it.
 */
function toLaterTokens(facts: Facts, completion: number | undefined): number | undefined {
  const { tokenEvents, tokenBytes, firstTokenBytes } = facts;
  const tokens = (completion as number) - (toHiddenTokens(facts) || 0);
  if (tokenEvents < 2 || lacksText(facts, tokens)) return undefined;
  if (tokens <= tokenEvents + 2 || !firstTokenBytes) return tokens - 1;
  const later = tokenEvents - 1;
  const bytes = (tokenBytes as number) - firstTokenBytes;
  return firstTokenBytes * later > 3 * bytes && bytes <= LONG_TOKEN_BYTES * later
    ? later
    : Math.min((tokens * bytes) / (tokenBytes as number), tokens - 1);
}

/** The metrics that follow from the facts of one request with any outcome. */
export function toRequestMetrics(facts: Facts): RequestMetrics {
  return withoutAbsent(deriveMetrics(facts)) as RequestMetrics;
}

/** The metrics of a request; metrics.ts describes each of them. */
export function deriveMetrics(facts: Facts) {
  const { sentMs, startMs, scheduledMs, firstTokenMs, fields, tokenEvents } = facts;
  const verdict = toVerdict(facts);
  const complete = verdict === "complete";

  const promptTokens = toNumber(fields.promptTokens);
  const usageTokens = toNumber(fields.completionTokens);
  const counted = facts.ended !== "no_stream" && !facts.document;
  // A document has no token events to count.
  const completionTokens = usageTokens ?? (counted ? tokenEvents : undefined);
  const totalTokens = toTotalTokens(facts);

  const ttftMs = minus(firstTokenMs, sentMs);
  const e2eMs = minus(facts.endMs, sentMs);

  return {
    verdict,
    ttftMs,
    ttfoMs: minus(facts.firstContentMs, sentMs),
    headersMs: minus(facts.headersMs, sentMs),
    ttftWithConnectMs: minus(firstTokenMs, startMs),
    scheduleDelayMs: minus(startMs, scheduledMs),
    scheduledTtftMs: minus(firstTokenMs, scheduledMs),
    e2eMs,
    // From the earliest first token: of the times it can be the longest, as the others are.
    tpotMs: over(
      minus(facts.lastTokenMs, facts.firstTokenEarliestMs ?? firstTokenMs),
      toLaterTokens(facts, completionTokens),
    ),
    promptTokens,
    completionTokens,
    cachedTokens: toNumber(fields.cachedTokens) ?? toNumber(fields.serverCachedTokens),
    tokensPerSecond: over(totalTokens, e2eMs, 1000),
    generationTokensPerSecond: over(completionTokens, e2eMs, 1000),
    promptTokensPerSecond: over(promptTokens, ttftMs, 1000),
    truncated: complete ? isTruncated(facts) : undefined,
    stopped: complete ? isStopped(facts) : undefined,
    /** For requests that hung up on purpose. */
    aborted: verdict === "aborted" ? (1 as const) : undefined,
    /** Whether it met the objectives; goodput.ts sets it if there are any. */
    good: undefined as boolean | undefined,
  };
}

/** The record without the keys whose value is undefined. */
export function withoutAbsent(record: Record<string, unknown>): object {
  const present: Record<string, unknown> = {};
  // Once a request, a million times a summary: a loop takes a tenth of what entries, filter and fromEntries take.
  for (const key in record) if (record[key] !== undefined) present[key] = record[key];
  return present;
}
