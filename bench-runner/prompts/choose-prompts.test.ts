import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { resolveLoad } from "../../lib/core/options/resolve-load.ts";
import type { Row } from "../../lib/core/prompts/row.ts";
import { choosePrompts, type TakenRows } from "./choose-prompts.ts";
import { LineFile } from "./line-file.ts";
import { countRequests, readyPrompts } from "./ready-prompts.ts";
import type { TokenCounter } from "./tokens/token-counter.ts";
import { wordsCounter } from "./tokens/words-counter.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function writeFile(rows: readonly Row[], end = "\n"): string {
  const folder = mkdtempSync(join(tmpdir(), "choose-prompts-"));
  folders.push(folder);
  const path = join(folder, "rows.jsonl");
  writeFileSync(path, rows.map((row) => JSON.stringify(row)).join("\n") + end);
  return path;
}

/** A tokenizer whose tokens are the characters. */
const characters: TokenCounter = {
  by: "tokenizer",
  name: "characters",
  count: async (texts) => texts.map((text) => text.length),
};
const many = (count: number): Row[] =>
  Array.from({ length: count }, (_, index) => ({ id: `r${index}`, prompt: "p".repeat(index + 1) }));
const load = (flags: Record<string, string> = {}) => resolveLoad({ flags }).load;
const ids = (rows: readonly Row[]) => rows.map(({ id }) => id);

describe("LineFile", () => {
  it("reads any line in any order, the last one without a newline, too", () => {
    const file = new LineFile(
      writeFile(
        [
          { id: "é", prompt: "日本" },
          { id: "b", prompt: "two" },
        ],
        "",
      ),
    );
    expect(file.length).toBe(2);
    expect(file.read(1)).toEqual({ id: "b", prompt: "two" });
    expect(file.read(0)).toEqual({ id: "é", prompt: "日本" });
  });
});

describe("choosePrompts", () => {
  it("takes the first that are short enough in sequential order, each with its tokens", async () => {
    const file = new LineFile(writeFile(many(200).reverse()));
    const options = load({ order: "sequential", "max-prompt-tokens": "150" });
    const { rows, tooLong } = await choosePrompts(file, 70, options, characters);
    expect(ids(rows)).toEqual(Array.from({ length: 70 }, (_, index) => `r${149 - index}`));
    expect(rows.map(({ promptTokens }) => promptTokens)).toEqual(rows.map(({ prompt }) => prompt.length));
    expect(tooLong).toEqual({ longPrompt: 50 });
  });

  it("takes others for another seed, and the same for the same", async () => {
    const file = new LineFile(writeFile(many(100)));
    const choose = async (seed: string) =>
      ids((await choosePrompts(file, 10, load({ seed }), characters)).rows);
    expect(await choose("1")).toEqual(await choose("1"));
    expect(await choose("1")).not.toEqual(await choose("2"));
  });

  it("takes rows that no earlier load has taken first, and these only when the others are used up", async () => {
    const sources = [{ path: writeFile(many(25)), name: "many.jsonl" }];
    const taken: TakenRows = new Map();
    const loads: string[][] = [];
    for (const seed of ["1", "2", "3"]) {
      const options = load({ seed, "n-prompts": "10" });
      loads.push(ids((await readyPrompts(sources, options, characters, { taken })).rows));
    }
    const [first = [], second = [], third = []] = loads;
    expect(new Set([...first, ...second]).size).toBe(20);
    expect(new Set(loads.flat()).size).toBe(25);
    expect(third).toHaveLength(10);
    // What comes first is as without earlier loads.
    expect(
      ids((await readyPrompts(sources, load({ seed: "1", "n-prompts": "10" }), characters)).rows),
    ).toEqual(first);
  });

  it("counts the texts of the dataset's answers, and keeps them only for a history of its own", async () => {
    const row: Row = { id: "a", prompt: "abc", answer: "four", turns: [{ prompt: "de", answer: "x" }] };
    const file = new LineFile(writeFile([row]));
    const plain = await choosePrompts(file, 1, load({ "output-tokens": "dataset" }), characters);
    expect(plain.rows).toEqual([
      {
        id: "a",
        prompt: "abc",
        promptTokens: 3,
        answerTokens: 4,
        turns: [{ prompt: "de", promptTokens: 2, answerTokens: 1 }],
      },
    ]);
    const kept = await choosePrompts(file, 1, load({ history: "dataset", "max-turns": "2" }), characters);
    expect(kept.rows[0]).toMatchObject({ answer: "four", turns: [{ answer: "x" }] });
  });

  it("leaves out what has too much context with its answer", async () => {
    const file = new LineFile(writeFile([{ id: "a", prompt: "abc", answerTokens: 8 }]));
    const { rows, tooLong } = await choosePrompts(file, 1, load({ "max-context": "10" }), characters);
    expect(rows).toEqual([]);
    expect(tooLong).toEqual({ longContext: 1 });
  });
});

describe("readyPrompts", () => {
  const source = (rows: readonly Row[]) => [{ path: writeFile(rows), name: "five.jsonl" }];

  it("reports how many rows there are if fewer than requested", async () => {
    const { rows, notices, facts } = await readyPrompts(
      source(many(5)),
      load({ "n-prompts": "9" }),
      wordsCounter,
    );
    expect(rows).toHaveLength(5);
    expect(notices).toEqual([
      "Dataset five.jsonl: 5 prompts are available, 9 were requested; all of them are used.",
    ]);
    // By default, what there is: nobody asked for more.
    const byDefault = await readyPrompts(source(many(5)), load({}), wordsCounter, { isAsked: false });
    expect([byDefault.rows.length, byDefault.notices]).toEqual([5, []]);
    expect(facts).toMatchObject({ source: "five.jsonl", rows: 5, countedBy: "words", longestAnswer: 512 });
  });

  it("reports that nothing is left, and why", async () => {
    const options = load({ "max-prompt-tokens": "1" });
    await expect(readyPrompts(source(many(5).slice(1)), options, characters)).rejects.toThrow(
      "Dataset five.jsonl: no row passes the filter: 4 had a prompt over 1 tokens; raise that limit",
    );
    const sized = load({ "output-tokens": "dataset" });
    await expect(readyPrompts(source(many(5)), sized, characters)).rejects.toThrow("no row has an answer");
  });

  it("takes rows whose answers have a length, as many as requested, and counts the others", async () => {
    const rows = many(20).map((row, index) => (index % 2 === 0 ? row : { ...row, answerTokens: 90 + index }));
    const sized = load({ "output-tokens": "dataset", "n-prompts": "10", order: "sequential" });
    const { rows: taken, notices } = await readyPrompts(source(rows), sized, wordsCounter);
    expect(taken.map(({ outputTokens }) => outputTokens)).toEqual(
      Array.from({ length: 10 }, (_, index) => 91 + 2 * index),
    );
    expect(notices).toEqual([
      "Dataset five.jsonl: rows left out, because they have no answer whose length could be requested: 10.",
    ]);
  });

  it("reports that rows of one turn are not conversations", async () => {
    const { notices } = await readyPrompts(
      source(many(1)),
      load({ "max-turns": "3", "n-prompts": "1" }),
      wordsCounter,
    );
    expect(notices).toContain("No row has more than one turn: these are requests, not conversations.");
  });

  it("knows the longest answer that can be asked for", async () => {
    const rows: Row[] = [{ id: "a", prompt: "one two", maxTokens: 900 }];
    const of = async (flags: Record<string, string>) =>
      (await readyPrompts(source(rows), load(flags), wordsCounter)).facts.longestAnswer;
    expect(await of({})).toBe(900);
    expect(await of({ "output-tokens": "7" })).toBe(7);
  });
});

describe("countRequests", () => {
  const rows: Row[] = [
    { id: "a", prompt: "1" },
    { id: "b", prompt: "1", turns: [{ prompt: "2" }, { prompt: "3" }] },
  ];

  it("counts every turn, again for every pass", () => {
    expect([1, 2, 3, 4, 5].map((iterations) => countRequests(rows, iterations))).toEqual([1, 4, 5, 8, 9]);
  });
});
