import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toSyntheticText } from "../../../lib/core/prompts/synthetic-prompt.ts";
import { toSyntheticRows } from "../../../lib/core/prompts/synthetic-rows.ts";
import { toSmallTokenizer, writeFolder } from "../../../test/unit-support/examples/small-tokenizer.ts";
import { makeExact } from "./exact-lengths.ts";
import { openFileCounter } from "./file-counter.ts";
import type { TokenCounter } from "./token-counter.ts";
import { wordsCounter } from "./words-counter.ts";

fc.configureGlobal({ seed: 20_260_101 });

const base = { promptTokens: "uniform:30-300", prefixGroups: 1, maxTurns: 1, seed: 42 };
const toText = (synthetic: unknown, seed = 42) => toSyntheticText(synthetic as never, seed);
const vocabulary = toText({ words: 128, index: 0 }).split(" ");
/** Every word is one token after a space; the first one of a text is four bytes. */
const counter = await openFileCounter(writeFolder("tokenizer.json", toSmallTokenizer(vocabulary)));

describe("makeExact", () => {
  it("gives every prompt the requested tokens, turns and prefixes included", async () => {
    const cases = fc.record({
      seed: fc.nat(),
      maxTurns: fc.integer({ min: 1, max: 3 }),
      prefixTokens: fc.integer({ min: 4, max: 20 }),
      prefixGroups: fc.integer({ min: 1, max: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(cases, async (options) => {
        const asked = toSyntheticRows({ ...base, ...options }, 12);
        const { rows, ...facts } = await makeExact(asked, counter, options.seed);
        expect(facts).toEqual({ checked: 12 * options.maxTurns, exact: 12 * options.maxTurns, worstOff: 0 });
        const turnsOf = (all: typeof rows) => all.flatMap((row) => [row, ...(row.turns ?? [])]);
        const wanted = turnsOf(asked).map(({ synthetic }) => {
          return (synthetic?.words ?? 0) + (synthetic?.prefix?.words ?? 0);
        });
        const texts = turnsOf(rows).map(({ synthetic }) => toText(synthetic, options.seed));
        expect(await counter.count(texts)).toEqual(wanted);
        expect(turnsOf(rows).map(({ promptTokens }) => promptTokens)).toEqual(wanted);
        expect((await makeExact(asked, counter, options.seed)).rows).toEqual(rows);
      }),
      { numRuns: 30 },
    );
  });

  it("reports how far off it is if words are several tokens each", async () => {
    const pairs: TokenCounter = {
      by: "server",
      name: "two a word",
      count: async (texts) => texts.map((text) => 2 * text.split(" ").length),
    };
    const rows = toSyntheticRows({ ...base, promptTokens: "histogram:100=1,101=1" }, 100);
    const odd = rows.filter(({ synthetic }) => synthetic?.words === 101).length;
    const { rows: exact, ...facts } = await makeExact(rows, pairs, 42);
    expect(facts).toEqual({ checked: 100, exact: 100 - odd, worstOff: 1 });
    for (const { promptTokens = 0 } of exact) expect(Math.abs(promptTokens - 100)).toBeLessThanOrEqual(2);
  });

  it("counts 2,000 of more prompts, the longest among them, and gives the others words in proportion", async () => {
    const counted = new Set<string>();
    const pairs: TokenCounter = {
      by: "server",
      name: "two a word",
      count: async (texts) => {
        for (const text of texts) counted.add(text);
        return texts.map((text) => 2 * text.split(" ").length);
      },
    };
    const asked = toSyntheticRows({ ...base, promptTokens: "uniform:20-39" }, 3001).map((row, place) =>
      place === 1234 ? { ...row, synthetic: { words: 1000, index: 1234 } } : row,
    );
    const { rows, checked } = await makeExact(asked, pairs, 42);
    expect(checked).toBe(2000);
    expect(rows.filter(({ promptTokens }) => promptTokens !== undefined)).toHaveLength(2000);
    expect(rows[1234]?.promptTokens).toBe(1000);
    for (const [place, row] of rows.entries()) {
      const words = asked[place]?.synthetic?.words as number;
      expect(Math.abs((row.synthetic?.words as number) - words / 2)).toBeLessThanOrEqual(1);
    }
  });

  it("leaves rows unchanged if words are counted, and rows of a dataset always", async () => {
    const made = toSyntheticRows(base, 3);
    expect(await makeExact(made, wordsCounter, 42)).toEqual({
      rows: made,
      checked: 0,
      exact: 0,
      worstOff: 0,
    });
    const rows = [{ id: "a", prompt: "Hello" }];
    expect((await makeExact(rows, counter, 42)).rows).toEqual(rows);
  });
});
