// Which figures follow from the number of token events where the server's usage does not count the tokens: outputs mark them.

import type { ScalarKey } from "../../lib/core/goals/requirement-subjects.ts";
import type { TrendKey } from "../../lib/core/request/trends.ts";
import type { Summary } from "./summary.ts";

const COUNTED: readonly string[] = [
  "tpot",
  "tokensPerSecondPerUser",
  "generationTokensPerSecond",
  "completionTokens",
  "outputTokensPerSecond",
  "totalTokensPerSecond",
] satisfies (TrendKey | ScalarKey)[];

/** Behind an estimated figure where there is no room for the word. */
export const ESTIMATED_SIGN = "~";
export const ESTIMATED_LEGEND = `${ESTIMATED_SIGN} estimated: without usage, tokens are counted by events`;

/** Whether the tokens of a figure, or of a metric, are counted by events in at least one request. */
export function isEstimated(key: string, { tokens }: Pick<Summary, "tokens">): boolean {
  const [subject = ""] = key.split(".");
  return tokens.estimatedRequests > 0 && COUNTED.includes(subject);
}

/** " (estimated)" behind such a figure. */
export function markEstimated(key: string, measured: Pick<Summary, "tokens">): string {
  return isEstimated(key, measured) ? " (estimated)" : "";
}
