import { describe, expect, it } from "vitest";
import { countWords, describeFailures, failedRule } from "./row-filter.ts";

const limits = { maxPromptTokens: 10, maxContext: 15 };
const words = (count: number) => Array.from({ length: count }, () => "word").join(" ");

describe("countWords", () => {
  it.each([
    ["", 0],
    ["  \n\t ", 0],
    ["one", 1],
    ["  one two\nthree\t four  ", 4],
    ["naïve 日本 text", 3],
  ])("%j has %i", (text, count) => {
    expect(countWords(text)).toBe(count);
  });
});

describe("failedRule", () => {
  it.each([
    ["a prompt of 3 words is too short", 3, undefined, "shortPrompt"],
    ["a prompt of 4 words passes", 4, undefined, undefined],
    ["a prompt of the limit passes", 10, undefined, undefined],
    ["a prompt over the limit is too long", 11, undefined, "longPrompt"],
    ["an answer of 3 words is too short", 5, 3, "shortAnswer"],
    ["prompt and answer of the limit pass", 10, 5, undefined],
    ["prompt and answer over the limit are too long", 10, 6, "longContext"],
    ["the prompt is judged before the answer", 3, 3, "shortPrompt"],
  ])("%s", (_, promptWords, answerTokens, rule) => {
    const row = { id: "a", prompt: words(promptWords), ...(answerTokens !== undefined && { answerTokens }) };
    expect(failedRule(row, limits)).toBe(rule);
  });
});

describe("describeFailures", () => {
  it("says how many failed which rule", () => {
    expect(describeFailures({ oneTurn: 3, longPrompt: 1 }, limits)).toBe(
      "3 had fewer than 2 turns, 1 had a prompt over 10 words (maxPromptTokens)",
    );
  });

  it("is empty where none failed", () => {
    expect(describeFailures({}, limits)).toBe("");
  });
});
