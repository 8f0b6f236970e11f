// The metrics of one request that k6 gets: with request-details.ts the only place where derived values are defined.
import type { Facts, FieldValue } from "./facts.ts";
import { isStopped, isTruncated } from "./finish-reason.ts";
import { toVerdict, type Verdict } from "./verdict.ts";

/** Times in milliseconds, rates per second. A value that is not known is absent, never 0. */
export interface RequestMetrics {
  verdict: Verdict;
  /** First token − sent. A token is non-empty content, reasoning or tool-call text. */
  ttftMs?: number;
  /** First content token − sent. */
  ttfoMs?: number;
  /** Headers − sent; on llama-server about the wait for a slot. */
  headersMs?: number;
  /** First token − start: what clients report that count the handshake. */
  ttftWithConnectMs?: number;
  /** Start − scheduled (open loop). */
  scheduleDelayMs?: number;
  /** First token − scheduled (open loop). */
  scheduledTtftMs?: number;
  /** End of the stream − sent. */
  e2eMs?: number;
  /** (Last token − first token) / (completion tokens − 1), from usage; absent below 2 tokens or 2 token events. */
  tpotMs?: number;
  /** From usage. */
  promptTokens?: number;
  /** From usage, else the number of token events; of a document from usage alone. */
  completionTokens?: number;
  /** Prompt tokens that the server had in its cache, from usage or the server's timings. */
  cachedTokens?: number;
  /** Total tokens / E2E: the definition of llama.cpp's bench. */
  tokensPerSecond?: number;
  /** Completion tokens / E2E. */
  generationTokensPerSecond?: number;
  /** Prompt tokens / TTFT. */
  promptTokensPerSecond?: number;
  /** Finish reason `length`, `stop`, or another API's word for it; of complete requests only. */
  truncated?: boolean;
  stopped?: boolean;
  /** 1 for a request that hung up on purpose. */
  aborted?: 1;
  /** It met the service level objectives: goodput.ts decides, where there are any. */
  good?: boolean;
}

/** RequestMetrics with every key there. */
export type DerivedMetrics = { verdict: Verdict } & {
  [K in Exclude<keyof RequestMetrics, "verdict">]: RequestMetrics[K] | undefined;
};

/** The value where it is a number. */
export function toNumber(value: FieldValue | undefined): number | undefined {
  return typeof value === "number" ? value : undefined;
}

/** The difference; absent where a part is. */
export function minus(later: number | undefined, earlier: number | undefined): number | undefined {
  return later === undefined || earlier === undefined ? undefined : later - earlier;
}

/** The quotient times `factor`; absent where a part is, or where the divisor is not above 0. */
export function over(part: number | undefined, whole: number | undefined, factor = 1): number | undefined {
  return part === undefined || !whole || whole < 0 ? undefined : (part / whole) * factor;
}

/** Prompt and completion tokens together, from usage. */
export function toTotalTokens({ fields }: Facts): number | undefined {
  const completion = toNumber(fields.completionTokens);
  return toNumber(fields.totalTokens) ?? minus(toNumber(fields.promptTokens), completion && -completion);
}

/** The metrics that follow from the facts of one request, whatever became of it. */
export function toRequestMetrics(facts: Facts): RequestMetrics {
  return withoutAbsent(deriveMetrics(facts)) as RequestMetrics;
}

/** The same with undefined for what is absent: leaving keys out costs a client of k6 a tenth of its work for a request. */
export function deriveMetrics(facts: Facts): DerivedMetrics {
  const { sentMs, startMs, scheduledMs, firstTokenMs, fields, tokenEvents } = facts;
  const verdict = toVerdict(facts);
  const complete = verdict === "complete";

  const promptTokens = toNumber(fields.promptTokens);
  const usageTokens = toNumber(fields.completionTokens);
  const counted = facts.ended !== "no_stream" && !facts.document;
  const completionTokens = usageTokens ?? (counted ? tokenEvents : undefined);
  const totalTokens = toTotalTokens(facts);

  const ttftMs = minus(firstTokenMs, sentMs);
  const e2eMs = minus(facts.endMs, sentMs);
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
    aborted: verdict === "aborted" ? 1 : undefined,
    good: undefined,
  };
}

/** The record without the keys whose value is undefined. */
export function withoutAbsent(record: Record<string, unknown>): object {
  const present: Record<string, unknown> = {};
  // Once a request, a million times a summary: a loop takes a tenth of what entries, filter and fromEntries take.
  for (const key in record) if (record[key] !== undefined) present[key] = record[key];
  return present;
}
