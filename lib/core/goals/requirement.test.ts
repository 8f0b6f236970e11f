// The grammar of requirements: what a text is parsed to, and where the caret points in an invalid one.
import { describe, expect, it } from "vitest";
import { OptionError } from "../option-error.ts";
import { holds, parseRequirement } from "./requirement.ts";

const read = (text: string, changes = false) => parseRequirement(text, "`--require`", { changes });

function messageOf(text: string, changes = false): string {
  try {
    read(text, changes);
  } catch (error) {
    if (error instanceof OptionError) return error.message;
    throw error;
  }
  return "";
}

describe("a requirement", () => {
  it.each([
    ["ttft.p95 < 800ms", { subject: "ttft", statistic: "p95", comparison: "<", value: 800 }],
    ["ttft.p95<0.8s", { subject: "ttft", statistic: "p95", comparison: "<", value: 800 }],
    ["  e2e.max <= 1.5 min ", { subject: "e2e", statistic: "max", comparison: "<=", value: 90_000 }],
    ["tpot.avg < 50ms", { subject: "tpot", statistic: "mean", comparison: "<", value: 50 }],
    ["itl.p50 < 20ms", { subject: "itl", statistic: "median", comparison: "<", value: 20 }],
    ["success >= 99%", { subject: "success", comparison: ">=", value: 0.99 }],
    ["success == 1", { subject: "success", comparison: "==", value: 1 }],
    ["goodput >= 95%", { subject: "goodput", comparison: ">=", value: 0.95 }],
    ["rps > 4/s", { subject: "requestsPerSecond", comparison: ">", value: 4 }],
    ["output_tokens_per_second > 1e2", { subject: "outputTokensPerSecond", comparison: ">", value: 100 }],
    [
      "output-tokens-per-second > 120 tok/s",
      { subject: "outputTokensPerSecond", comparison: ">", value: 120 },
    ],
    ["failed == 0", { subject: "failed", comparison: "==", value: 0 }],
    ["llamacpp_ttft.p99 != 1ms", { subject: "ttft", statistic: "p99", comparison: "!=", value: 1 }],
    [
      "ttft.p95.certified < 1s",
      { subject: "ttft", statistic: "p95", certified: true, comparison: "<", value: 1000 },
    ],
    [
      "completion-tokens.mean > 50",
      { subject: "completionTokens", statistic: "mean", comparison: ">", value: 50 },
    ],
  ])("reads `%s`", (text, expected) => {
    expect(read(text)).toEqual({ text: text.trim(), ...expected });
  });

  it.each([
    ["ttft.p95 <= +10%", { value: 0.1, change: "relative" }],
    ["ttft.p95 <= +50ms", { value: 50, change: "absolute" }],
    ["output-tokens-per-second >= -5%", { value: -0.05, change: "relative" }],
    ["success >= -1%", { value: -0.01, change: "absolute" }],
    ["ttft.p95 < 800ms", { value: 800 }],
  ])("reads `%s` as a change where runs are compared", (text, expected) => {
    const { value, change } = read(text, true);
    expect({ value, ...(change && { change }) }).toEqual(expected);
  });

  it.each([
    ["tfft.p95 < 800ms", 0, "`tfft` is not a figure of a run"],
    ["", 0, "expected the name of a figure"],
    ["ttft < 800ms", 4, "expected a statistic of `ttft`"],
    ["ttft.p97 < 800ms", 5, "one of count, min, mean"],
    ["ttft.mean.certified < 8ms", 10, "`certified` after p90, p95 or p99"],
    ["ttft.p95.sure < 8ms", 9, "`certified` after p90"],
    ["success.p95 > 1%", 7, "`success` is a single figure"],
    ["ttft.p95 800ms", 9, "expected `<`"],
    ["ttft.p95 =< 800ms", 9, "expected `<`"],
    ["ttft.p95 < 800", 11, "such as `800ms`"],
    ["ttft.p95 < 800 bananas", 11, "such as `800ms`"],
    ["ttft.p95 < +10%", 11, "expected a value"],
    ["success >= 99", 11, "`95%` or `0.95`"],
    ["success >=", 10, "expected a value"],
  ])("puts the caret under what is wrong in `%s`", (text, at, words) => {
    const [first, shown, caret] = messageOf(text).split("\n");
    expect(first).toMatch(/^`--require`: /);
    expect(first).toContain(words);
    expect(shown).toBe(`  ${text}`);
    expect(caret).toBe(`  ${" ".repeat(at)}^`);
  });

  it.each([
    [1, "<", 2, true],
    [2, "<", 2, false],
    [2, "<=", 2, true],
    [3, ">", 2, true],
    [2, ">", 2, false],
    [2, ">=", 2, true],
    [2, "==", 2, true],
    [2, "!=", 2, false],
  ] as const)("%d %s %d holds: %s", (value, comparison, limit, expected) => {
    expect(holds(value, comparison, limit)).toBe(expected);
  });
});
