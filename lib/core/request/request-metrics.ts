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

/** The value if it is a number. */
export function toNumber(value: FieldValue | undefined): number | undefined {
  return typeof value === "number" ? value : undefined;
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
  // Undefined below 2 tokens or 2 token events: a single one has no gap.
  const spread = usageTokens !== undefined && usageTokens > 1 && tokenEvents > 1;

  return {
    verdict,
    ttftMs,
    ttfoMs: minus(facts.firstContentMs, sentMs),
    headersMs: minus(facts.headersMs, sentMs),
    ttftWithConnectMs: minus(firstTokenMs, startMs),
    scheduleDelayMs: minus(startMs, scheduledMs),
    scheduledTtftMs: minus(firstTokenMs, scheduledMs),
    e2eMs,
    tpotMs: spread ? over(minus(facts.lastTokenMs, firstTokenMs), usageTokens - 1) : undefined,
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
