import { describe, expect, it } from "vitest";
import { toSyntheticPrompt, toSyntheticText } from "./synthetic-prompt.ts";

const toWords = (prompt: string) => prompt.split(/\s+/);
const prompts = (count: number, words: number, seed = 42) =>
  Array.from({ length: count }, (_, index) => toSyntheticPrompt(words, seed, index));

describe("toSyntheticPrompt", () => {
  it.each([1, 2, 16, 127, 128, 129, 191, 192, 193, 1000, 10_000, 200_000])(
    "has exactly %i words",
    (words) => {
      const prompt = toSyntheticPrompt(words, 42, 3);
      expect(toWords(prompt)).toHaveLength(words);
      expect(prompt).toMatch(/^[a-z]{4}( [a-z]{4})*$/);
    },
  );

  it("has exactly the words asked for, whatever seed and index", () => {
    for (let words = 1; words < 500; words++) {
      expect(toWords(toSyntheticPrompt(words, words * 7, words % 11))).toHaveLength(words);
    }
  });

  it("is the same for the same seed and index", () => {
    expect(prompts(20, 300)).toEqual(prompts(20, 300));
  });

  it("is another for another seed, also for the neighbour's index", () => {
    expect(new Set([...prompts(50, 8, 42), ...prompts(50, 8, 43)]).size).toBe(100);
  });

  it("begins differently for each index", () => {
    const beginnings = prompts(2000, 1000).map((prompt) => toWords(prompt).slice(0, 5).join(" "));
    expect(new Set(beginnings).size).toBe(2000);
  });

  it("begins with any of the vocabulary's words", () => {
    const counts = new Map<string, number>();
    for (const prompt of prompts(6400, 1)) counts.set(prompt, (counts.get(prompt) ?? 0) + 1);
    expect(counts.size).toBe(128);
    for (const count of counts.values()) expect(Math.abs(count - 50)).toBeLessThan(40);
  });

  it("uses each word of the vocabulary once before it repeats any", () => {
    expect(new Set(toWords(toSyntheticPrompt(128, 1, 1))).size).toBe(128);
  });
});

describe("toSyntheticText of blocks", () => {
  const text = (words: number, blocks: number[], index = 0) => toSyntheticText({ words, index, blocks }, 42);

  it("is the same where the same blocks are, cut to its length", () => {
    const whole = toWords(text(1100, [3, 4, 5]));
    expect(whole).toHaveLength(1100);
    expect(toWords(text(600, [3, 4], 7))).toEqual(whole.slice(0, 600));
    expect(toWords(text(1024, [3, 9], 7)).slice(0, 512)).toEqual(whole.slice(0, 512));
    expect(toWords(text(1024, [3, 9], 7)).slice(512)).not.toEqual(whole.slice(512, 1024));
  });

  it("goes on with words of its own where the blocks end", () => {
    const [first, second] = [toWords(text(700, [3], 1)), toWords(text(700, [3], 2))];
    expect([first.length, second.length]).toEqual([700, 700]);
    expect(first.slice(0, 512)).toEqual(second.slice(0, 512));
    expect(first.slice(512, 520)).not.toEqual(second.slice(512, 520));
  });
});
