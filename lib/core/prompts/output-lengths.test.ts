import { describe, expect, it } from "vitest";
import { withOutputTokens } from "./output-lengths.ts";
import type { Row } from "./row.ts";

const row = (id: string, more: Partial<Row> = {}): Row => ({ id, prompt: "Hello there", ...more });

describe("withOutputTokens", () => {
  it("leaves the rows unchanged where no length is asked for", () => {
    const rows = [row("a"), row("b", { answerTokens: 3 })];
    expect(withOutputTokens(rows, { seed: 1 })).toEqual(rows);
  });

  it("draws a length for every turn, the same for the same seed", () => {
    const rows = Array.from({ length: 50 }, (_, index) =>
      row(`r${index}`, { turns: [{ prompt: "And then?" }] }),
    );
    const drawn = withOutputTokens(rows, { outputTokens: "uniform:5-9", seed: 1 });
    const lengths = drawn.flatMap(({ outputTokens, turns }) => [outputTokens, turns?.[0]?.outputTokens]);
    expect(new Set(lengths)).toEqual(new Set([5, 6, 7, 8, 9]));
    expect(withOutputTokens(rows, { outputTokens: "uniform:5-9", seed: 1 })).toEqual(drawn);
    expect(withOutputTokens(rows, { outputTokens: "uniform:5-9", seed: 2 })).not.toEqual(drawn);
  });

  it("takes the dataset's own lengths, 1 at least, and leaves out what has none", () => {
    const rows = [
      row("a", { answerTokens: 7 }),
      row("b"),
      row("c", { answerTokens: 0 }),
      row("d", {
        answerTokens: 4,
        turns: [{ prompt: "1", answerTokens: 5 }, { prompt: "2" }, { prompt: "3", answerTokens: 6 }],
      }),
      row("e", { answerTokens: 4, turns: [{ prompt: "1" }] }),
    ];
    const sized = withOutputTokens(rows, { outputTokens: "dataset", seed: 1 });
    expect(
      sized.map(({ id, outputTokens, turns }) => [id, outputTokens, turns?.map((turn) => turn.outputTokens)]),
    ).toEqual([
      ["a", 7, undefined],
      ["c", 1, undefined],
      ["d", 4, [5]],
      ["e", 4, undefined],
    ]);
  });
});
