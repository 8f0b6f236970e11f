import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toSyntheticText } from "./synthetic-prompt.ts";
import { type SyntheticOptions, toSyntheticRows } from "./synthetic-rows.ts";

fc.configureGlobal({ seed: 20_260_101 });

const base: SyntheticOptions = { promptTokens: "uniform:5-200", prefixGroups: 1, maxTurns: 1, seed: 42 };
const toTexts = (options: SyntheticOptions, count: number) =>
  toSyntheticRows(options, count).map(({ synthetic }) => toSyntheticText(synthetic as never, options.seed));

describe("toSyntheticRows", () => {
  it("makes rows of the asked lengths, turns and answers, the same by the same seed", () => {
    const cases = fc.record({
      seed: fc.nat(),
      count: fc.integer({ min: 1, max: 40 }),
      maxTurns: fc.integer({ min: 1, max: 4 }),
      prefixTokens: fc.integer({ min: 1, max: 60 }),
      prefixGroups: fc.integer({ min: 1, max: 6 }),
    });
    fc.assert(
      fc.property(cases, ({ count, ...rest }) => {
        const options = { ...base, ...rest, outputTokens: "uniform:3-9" };
        const rows = toSyntheticRows(options, count);
        expect(toSyntheticRows(options, count)).toEqual(rows);
        expect(rows.map(({ id }) => id)).toEqual(rows.map((_, row) => `synthetic-${row}`));
        const turns = rows.flatMap((row) => [row, ...(row.turns ?? [])]);
        expect(turns).toHaveLength(count * rest.maxTurns);
        expect(new Set(turns.map(({ synthetic }) => synthetic?.index)).size).toBe(turns.length);
        for (const { outputTokens = 0 } of turns) expect(outputTokens >= 3 && outputTokens <= 9).toBe(true);
        for (const { synthetic } of rows) {
          const words = toSyntheticText(synthetic as never, rest.seed).split(" ").length;
          expect(words).toBe((synthetic?.words ?? 0) + rest.prefixTokens);
          expect(words).toBeGreaterThanOrEqual(Math.max(5, rest.prefixTokens + 1));
          expect(words).toBeLessThanOrEqual(200);
        }
        for (const { synthetic } of rows.flatMap(({ turns: later = [] }) => later)) {
          expect(synthetic).not.toHaveProperty("prefix");
        }
        const groups = rows.map(({ synthetic }) => synthetic?.prefix?.group);
        for (let from = 0; from + rest.prefixGroups <= count; from += rest.prefixGroups) {
          const run = groups.slice(from, from + rest.prefixGroups);
          expect(new Set(run).size).toBe(rest.prefixGroups);
        }
      }),
    );
  });

  it("has prompts that differ within a few words after the prefix of their group", () => {
    const plain = toTexts({ ...base, promptTokens: "100" }, 500);
    expect(new Set(plain.map((text) => text.split(" ").slice(0, 5).join(" "))).size).toBe(500);
    const grouped = toTexts({ ...base, promptTokens: "100", prefixTokens: 40, prefixGroups: 5 }, 500);
    expect(new Set(grouped.map((text) => text.split(" ").slice(0, 40).join(" "))).size).toBe(5);
    expect(new Set(grouped.map((text) => text.split(" ").slice(40, 45).join(" "))).size).toBe(500);
  });

  it("draws first prompts apart from answers, turns and other seeds", () => {
    const first = toSyntheticRows(base, 20).map(({ synthetic }) => synthetic);
    const other = (more: Partial<SyntheticOptions>) =>
      toSyntheticRows({ ...base, ...more }, 20).map(({ synthetic }) => synthetic);
    expect(other({ outputTokens: "uniform:3-9", maxTurns: 3 })).toEqual(first);
    expect(other({ seed: 43 })).not.toEqual(first);
    expect(toSyntheticRows({ ...base, outputTokens: "dataset" }, 1)[0]).not.toHaveProperty("outputTokens");
    expect(toSyntheticRows(base, 1)[0]).not.toHaveProperty("turns");
  });
});
