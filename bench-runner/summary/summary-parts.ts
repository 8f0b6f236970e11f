// The parts of a summary that follow from a tally alone.

import type { PromptsUse } from "../run-folder/run-files.ts";
import { toHistogram } from "../statistics/histogram-bins.ts";
import { toStatistics } from "../statistics/statistics.ts";
import type { ClientTotals } from "./judge/reconcile.ts";
import type { Oddities, Precision, Prompts, Summary } from "./summary.ts";
import type { Tally } from "./tallies/tally.ts";

/** Histograms of TTFT and E2E, if requests have them. @param scratch as long as there are requests */
export function toHistograms({ trends }: Tally, scratch: Float64Array): Pick<Summary, "histograms"> {
  const known = (["ttft", "e2e"] as const).flatMap((key) => {
    const values = trends.get(key);
    const histogram = values && toHistogram(values.toArray(scratch));
    return histogram ? [[key, histogram] as const] : [];
  });
  return known.length === 0 ? {} : { histograms: Object.fromEntries(known) };
}

/** How precisely the requests were read. @param capture what the journal says of the capture @param scratch as long as there are requests */
export function toPrecision(
  tally: Tally,
  capture: Pick<Precision, "stampsReason" | "packets">,
  scratch: Float64Array,
): Precision {
  const lag = toStatistics(tally.stampLagMax.toArray(scratch));
  const delay = toStatistics(tally.sendDelay.toArray(scratch));
  return {
    stamps: tally.stamps,
    ...capture,
    ...((capture.packets || tally.packetMisses > 0) && { packetMisses: tally.packetMisses }),
    ...(lag &&
      tally.stampLagReads > 0 && {
        stampLagMs: { mean: tally.stampLagSum / tally.stampLagReads, p99: lag.p99, max: lag.max },
      }),
    ...(delay && { sendDelayMs: { mean: delay.mean, p99: delay.p99, max: delay.max } }),
    ...(tally.tokenEvents > 0 && {
      mergedTokens: tally.mergedTokens,
      mergedTokensShare: tally.mergedTokens / tally.tokenEvents,
      uncertainGaps: tally.uncertainGaps,
    }),
    ...(tally.firstTokenRanges > 0 && { firstTokenRanges: tally.firstTokenRanges }),
    ...(tally.usageEvents > 0 && { tokensPerEvent: tally.usageTokens / tally.usageEvents }),
    ...(tally.events > 0 && { readsPerEvent: tally.reads / tally.events }),
  };
}

/** Undefined if every answer was as it should be. */
export function toOddities({ unread, badUsage, hiddenTokens, outcomes }: Tally): Oddities | undefined {
  const { completion } = outcomes.tokens;
  const found = {
    ...(unread.size > 0 && { unread: [...unread] }),
    ...(badUsage !== undefined && { badUsage }),
    ...(hiddenTokens > 0 && completion > 0 && { hiddenTokensShare: hiddenTokens / completion }),
  };
  return Object.keys(found).length > 0 ? found : undefined;
}

/** @param firstTurns prompts taken from the rows in the whole run; later turns belong to the row of the first one */
export function toPrompts(use: PromptsUse, firstTurns: number): Prompts {
  return { ...use, repeated: firstTurns > use.rows };
}

/** The sum over all phases. */
export function addTotals(a: ClientTotals, b: ClientTotals): ClientTotals {
  return {
    promptTokens: a.promptTokens + b.promptTokens,
    completionTokens: a.completionTokens + b.completionTokens,
    unsettled: a.unsettled + b.unsettled,
    unsettledPromptTokens: a.unsettledPromptTokens + b.unsettledPromptTokens,
    unsettledCompletionTokens: a.unsettledCompletionTokens + b.unsettledCompletionTokens,
  };
}
