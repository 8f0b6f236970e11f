// Counts over any set of requests: their verdicts, how their answers ended, how many tokens they had.
import type { RequestDetails } from "../../lib/core/request/request-details.ts";
import type { Verdict } from "../../lib/core/request/verdict.ts";
import type { Rates, TokenSums } from "./summary.ts";

/** The number of requests that succeeded or failed: those neither hung up on purpose nor interrupted by the end of the run. */
export function countJudged(
  requests: number,
  { aborted = 0, interrupted = 0 }: { readonly [V in Verdict]?: number },
): number {
  return requests - aborted - interrupted;
}

export class Outcomes {
  requests = 0;
  readonly byVerdict: { [V in Verdict]?: number } = {};
  truncated = 0;
  stopped = 0;
  /** Sums over complete requests, each with the number of requests that had the value. */
  readonly tokens = { prompt: 0, prompts: 0, cached: 0, caches: 0, completion: 0, unknown: 0, estimated: 0 };

  count(details: RequestDetails): void {
    this.requests += 1;
    this.byVerdict[details.verdict] = (this.byVerdict[details.verdict] ?? 0) + 1;
    if (details.verdict === "complete") this.#countComplete(details);
  }

  #countComplete(details: RequestDetails): void {
    if (details.truncated) this.truncated += 1;
    if (details.stopped) this.stopped += 1;
    const { tokens } = this;
    if (details.promptTokens !== undefined) {
      tokens.prompt += details.promptTokens;
      tokens.prompts += 1;
    }
    if (details.cachedTokens !== undefined) {
      tokens.cached += details.cachedTokens;
      tokens.caches += 1;
    }
    if (details.completionTokens === undefined) tokens.unknown += 1;
    else tokens.completion += details.completionTokens;
    if (details.completionEstimated) tokens.estimated += 1;
  }

  /** Shares; absent if there is nothing to divide by. */
  toRates(): Rates {
    const { byVerdict, requests, truncated, stopped } = this;
    const complete = byVerdict.complete ?? 0;
    const judged = countJudged(requests, byVerdict);
    return {
      ...(judged > 0 && { success: complete / judged }),
      ...(complete > 0 && { truncated: truncated / complete, stopped: stopped / complete }),
    };
  }

  /** Sums over complete requests. */
  toTokenSums(): TokenSums {
    const { tokens, byVerdict } = this;
    return {
      ...(tokens.prompts > 0 && { prompt: tokens.prompt }),
      ...(tokens.caches > 0 && { cached: tokens.cached }),
      ...(byVerdict.complete && tokens.unknown === 0 && { completion: tokens.completion }),
      estimatedRequests: tokens.estimated,
    };
  }
}
