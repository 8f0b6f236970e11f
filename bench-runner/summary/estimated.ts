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

/** " (estimated)" behind a figure, or a metric, whose tokens are counted by events in at least one request. */
export function markEstimated(key: string, { tokens }: Pick<Summary, "tokens">): string {
  const [subject = ""] = key.split(".");
  return tokens.estimatedRequests > 0 && COUNTED.includes(subject) ? " (estimated)" : "";
}
