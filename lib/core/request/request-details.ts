// What a summary tells about one request beyond what k6 gets. Not in scenario bundles.
import type { Facts, RequestLine } from "./facts.ts";
import { type Flag, toFlags } from "./flags.ts";
import {
  minus,
  over,
  type RequestMetrics,
  toNumber,
  toRequestMetrics,
  toTotalTokens,
  withoutAbsent,
} from "./request-metrics.ts";

/** Times in milliseconds, rates per second. A value that is not known is absent, never 0. */
export interface RequestDetails extends RequestMetrics {
  flags: Flag[];
  /** Connection ready − start; 0 on a kept connection. */
  connectMs?: number;
  /**
   * Sent − due: how late the client let the request go. Due is the scheduled moment in an open loop, otherwise the start;
   * absent in a closed loop on a new connection, where connecting lies between.
   */
  sendDelayMs?: number;
  /** `completionTokens` is the number of token events. */
  completionEstimated?: true;
  /** From usage, both together. */
  totalTokens?: number;
  /** 1 / TPOT. */
  tokensPerSecondPerUser?: number;
  /** (Prompt tokens − cached tokens) / TTFT. */
  uncachedPromptTokensPerSecond?: number;
  /** The server's own figures. */
  serverPromptTokensPerSecond?: number;
  serverPredictedTokensPerSecond?: number;
  /** Completion tokens (of usage) / token events. */
  tokensPerEvent?: number;
  /** Reads / events of a stream. */
  readsPerEvent?: number;
  /** Tokens of what was sent, as counted before the run; only of a journal's line. */
  inputTokens?: number;
}

/** The number in a label; absent where it is none. */
function toCounted(label: string | undefined): number | undefined {
  return label !== undefined && /^\d+$/.test(label) ? Number(label) : undefined;
}

/** The metrics of a request and what a summary needs beside them. */
export function toRequestDetails(facts: Facts): RequestDetails {
  const metrics = toRequestMetrics(facts);
  const usageTokens = toNumber(facts.fields.completionTokens);
  const more: { [K in Exclude<keyof RequestDetails, keyof RequestMetrics>]: RequestDetails[K] | undefined } =
    {
      flags: toFlags(facts, metrics.verdict),
      connectMs: facts.reused ? 0 : minus(facts.connectedMs, facts.startMs),
      sendDelayMs: minus(facts.sentMs, facts.scheduledMs ?? (facts.reused ? facts.startMs : undefined)),
      completionEstimated: (usageTokens === undefined && metrics.completionTokens !== undefined) || undefined,
      totalTokens: toTotalTokens(facts),
      tokensPerSecondPerUser: over(1000, metrics.tpotMs),
      uncachedPromptTokensPerSecond: over(
        minus(metrics.promptTokens, metrics.cachedTokens),
        metrics.ttftMs,
        1000,
      ),
      serverPromptTokensPerSecond: toNumber(facts.fields.serverPromptTokensPerSecond),
      serverPredictedTokensPerSecond: toNumber(facts.fields.serverPredictedTokensPerSecond),
      tokensPerEvent: over(usageTokens, facts.tokenEvents),
      readsPerEvent: facts.document ? undefined : over(facts.reads, facts.events),
      inputTokens: toCounted((facts as Partial<RequestLine>).labels?.inputTokens),
    };
  return { ...metrics, ...withoutAbsent(more) } as RequestDetails;
}
