// The parts of a summary that follow from a tally alone.
import type { ClientTotals } from "./reconcile.ts";
import { toStatistics } from "./statistics.ts";
import type { Precision, Rates, TokenSums } from "./summary.ts";
import type { Tally } from "./tally.ts";

/** Shares, absent over nothing. */
export function toRates({ requests, byVerdict, truncated, stopped }: Tally): Rates {
  const complete = byVerdict.complete ?? 0;
  const judged = requests - (byVerdict.aborted ?? 0) - (byVerdict.interrupted ?? 0);
  return {
    ...(judged > 0 && { success: complete / judged }),
    ...(complete > 0 && { truncated: truncated / complete, stopped: stopped / complete }),
  };
}

/** Sums over complete requests. */
export function toTokenSums({ tokens, byVerdict }: Tally): TokenSums {
  return {
    ...(tokens.prompts > 0 && { prompt: tokens.prompt }),
    ...(tokens.caches > 0 && { cached: tokens.cached }),
    ...(byVerdict.complete && { completion: tokens.completion }),
    estimatedRequests: tokens.estimated,
  };
}

/** How the requests were read. */
export function toPrecision(tally: Tally): Precision {
  const lag = toStatistics(tally.stampLagMax.toArray());
  const delay = toStatistics(tally.sendDelay.toArray());
  return {
    stamps: tally.stamps,
    ...(lag &&
      tally.stampLagReads > 0 && {
        stampLagMs: { mean: tally.stampLagSum / tally.stampLagReads, p99: lag.p99, max: lag.max },
      }),
    ...(delay && { sendDelayMs: { mean: delay.mean, p99: delay.p99, max: delay.max } }),
    ...(tally.tokenEvents > 0 && { mergedTokensShare: tally.mergedTokens / tally.tokenEvents }),
    ...(tally.usageEvents > 0 && { tokensPerEvent: tally.usageTokens / tally.usageEvents }),
    ...(tally.events > 0 && { readsPerEvent: tally.reads / tally.events }),
  };
}

/** Of all phases together. */
export function addTotals(a: ClientTotals, b: ClientTotals): ClientTotals {
  return {
    promptTokens: a.promptTokens + b.promptTokens,
    completionTokens: a.completionTokens + b.completionTokens,
    unsettled: a.unsettled + b.unsettled,
    unsettledPromptTokens: a.unsettledPromptTokens + b.unsettledPromptTokens,
    unsettledCompletionTokens: a.unsettledCompletionTokens + b.unsettledCompletionTokens,
  };
}
