import { describe, expect, it } from "vitest";
import type { Statistics } from "../../statistics/statistics.ts";
import type { Summary } from "../../summary/summary.ts";
import { sumInputs, toBothPerSecond } from "./prompt-lengths.ts";

const lengths = (mean: number): Statistics => ({
  ...{ count: 4, min: mean, mean, max: mean },
  ...{ median: mean, p90: mean, p95: mean, p99: mean },
});

/** Four requests in two seconds: 10 tokens by the runner's count, 12 by usage. */
const summaryOf = (countedBy: string, hasUsage: boolean) =>
  ({
    prompts: { countedBy },
    metrics: { inputTokens: lengths(10), ...(hasUsage && { promptTokens: lengths(12) }) },
    throughput: {
      outputTokensPerSecond: 100,
      requestsPerSecond: 2,
      ...(hasUsage && { totalTokensPerSecond: 124 }),
    },
    window: { seconds: 2 },
  }) as unknown as Summary;

describe("lengths of prompts in a layout that compares servers", () => {
  it.each([
    ["are those of the run's tokenizer, whatever the server says", "tokenizer", true, 40, 120],
    ["are those of the run's tokenizer, if the server says nothing", "tokenizer", false, 40, 120],
    ["are those of usage without such a tokenizer", "words", true, 48, 124],
    ["are those of the server's /tokenize without usage", "server", false, 40, 120],
    ["are unknown if only words were counted", "words", false, undefined, undefined],
  ])("%s", (_, countedBy, hasUsage, sum, perSecond) => {
    const summary = summaryOf(countedBy, hasUsage);
    expect(sumInputs(summary)).toBe(sum);
    expect(toBothPerSecond(summary)).toBe(perSecond);
  });
});
