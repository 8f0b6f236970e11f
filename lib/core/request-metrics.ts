// The metrics of one request: the only place where TTFT, TPOT and every other derived value is defined.
import type { Facts, FieldValue } from "./facts.ts";
import { type Flag, toFlags, toVerdict, type Verdict } from "./verdict.ts";

/** Times in milliseconds, rates per second. A value that is not known is absent, never 0. */
export interface RequestMetrics {
  verdict: Verdict;
  flags: Flag[];
  /** First token − sent. A token is non-empty content, reasoning or tool-call text. */
  ttftMs?: number;
  /** First content token − sent. */
  ttfoMs?: number;
  /** Headers − sent; on llama-server about the wait for a slot. */
  headersMs?: number;
  /** Connection ready − start; 0 on a kept connection. */
  connectMs?: number;
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
  /** From usage, else the number of token events. */
  completionTokens?: number;
  /** `completionTokens` is the number of token events. */
  completionEstimated?: true;
  /** From usage, both together. */
  totalTokens?: number;
  /** Prompt tokens that the server had in its cache, from usage or the server's timings. */
  cachedTokens?: number;
  /** Total tokens / E2E: the definition of llama.cpp's bench. */
  tokensPerSecond?: number;
  /** Completion tokens / E2E. */
  generationTokensPerSecond?: number;
  /** Prompt tokens / TTFT. */
  promptTokensPerSecond?: number;
  /** (Prompt tokens − cached tokens) / TTFT. */
  uncachedPromptTokensPerSecond?: number;
  /** The server's own figures. */
  serverPromptTokensPerSecond?: number;
  serverPredictedTokensPerSecond?: number;
  /** Completion tokens (of usage) / token events. */
  tokensPerEvent?: number;
  /** Reads / events. */
  readsPerEvent?: number;
  /** Finish reason `length`, `stop`; of complete requests only. */
  truncated?: boolean;
  stopped?: boolean;
}

function toNumber(value: FieldValue | undefined): number | undefined {
  return typeof value === "number" ? value : undefined;
}

function minus(later: number | undefined, earlier: number | undefined): number | undefined {
  return later === undefined || earlier === undefined ? undefined : later - earlier;
}

function over(part: number | undefined, whole: number | undefined, factor = 1): number | undefined {
  return part === undefined || !whole || whole < 0 ? undefined : (part / whole) * factor;
}

/** The metrics that follow from the facts of one request, whatever became of it. */
export function toRequestMetrics(facts: Facts): RequestMetrics {
  const { sentMs, startMs, scheduledMs, firstTokenMs, fields, tokenEvents } = facts;
  const verdict = toVerdict(facts);
  const complete = verdict === "complete";

  const promptTokens = toNumber(fields.promptTokens);
  const usageTokens = toNumber(fields.completionTokens);
  const estimated = usageTokens === undefined && facts.ended !== "no_stream";
  const completionTokens = estimated ? tokenEvents : usageTokens;
  const totalTokens =
    toNumber(fields.totalTokens) ??
    (promptTokens === undefined || usageTokens === undefined ? undefined : promptTokens + usageTokens);
  const cachedTokens = toNumber(fields.cachedTokens) ?? toNumber(fields.serverCachedTokens);

  const ttftMs = minus(firstTokenMs, sentMs);
  const e2eMs = minus(facts.endMs, sentMs);
  const spread = usageTokens !== undefined && usageTokens > 1 && tokenEvents > 1;

  const metrics: { [K in keyof RequestMetrics]: RequestMetrics[K] | undefined } = {
    verdict,
    flags: toFlags(facts, verdict),
    ttftMs,
    ttfoMs: minus(facts.firstContentMs, sentMs),
    headersMs: minus(facts.headersMs, sentMs),
    connectMs: facts.reused ? 0 : minus(facts.connectedMs, startMs),
    ttftWithConnectMs: minus(firstTokenMs, startMs),
    scheduleDelayMs: minus(startMs, scheduledMs),
    scheduledTtftMs: minus(firstTokenMs, scheduledMs),
    e2eMs,
    tpotMs: spread ? over(minus(facts.lastTokenMs, firstTokenMs), usageTokens - 1) : undefined,
    promptTokens,
    completionTokens,
    completionEstimated: estimated || undefined,
    totalTokens,
    cachedTokens,
    tokensPerSecond: over(totalTokens, e2eMs, 1000),
    generationTokensPerSecond: over(completionTokens, e2eMs, 1000),
    promptTokensPerSecond: over(promptTokens, ttftMs, 1000),
    uncachedPromptTokensPerSecond: over(minus(promptTokens, cachedTokens), ttftMs, 1000),
    serverPromptTokensPerSecond: toNumber(fields.serverPromptTokensPerSecond),
    serverPredictedTokensPerSecond: toNumber(fields.serverPredictedTokensPerSecond),
    tokensPerEvent: over(usageTokens, tokenEvents),
    readsPerEvent: over(facts.reads, facts.events),
    truncated: complete ? fields.finishReason === "length" : undefined,
    stopped: complete ? fields.finishReason === "stop" : undefined,
  };
  return dropAbsent(metrics) as RequestMetrics;
}

function dropAbsent(record: object): object {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
