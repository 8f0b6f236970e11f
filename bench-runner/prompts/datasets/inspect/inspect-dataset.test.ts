// What is counted in a dataset, and how it is shown.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { TokenCounter } from "../../tokens/token-counter.ts";
import { wordsCounter } from "../../tokens/words-counter.ts";
import type { Reading } from "../open-dataset.ts";
import { inspectDataset, toOneLine } from "./inspect-dataset.ts";
import { Lengths } from "./inspect-lengths.ts";
import { toInspectText } from "./inspect-text.ts";

const folder = mkdtempSync(join(tmpdir(), "inspect-dataset-"));
afterAll(() => rmSync(folder, { recursive: true }));

function inspect(name: string, text: string, reading: Reading = {}, counter: TokenCounter = wordsCounter) {
  const path = join(folder, name);
  writeFileSync(path, text);
  return inspectDataset(path, { maxPromptTokens: 8, maxContext: 16, ...reading }, counter);
}
const words = (count: number, word = "word") => Array.from({ length: count }, () => word).join(" ");
const lines = (...rows: object[]) => rows.map((row) => JSON.stringify(row)).join("\n");

describe("a dataset", () => {
  const rows = lines(
    { prompt: words(5), task: "chat" },
    { prompt: words(5), task: "chat" },
    { prompt: `${words(30, "long")}\u001b[31m\n`, task: "code", answerTokens: 40 },
    { prompt: "two words" },
    { prompt: words(6), answerTokens: 7 },
  );

  it("is counted as a whole, whatever a run would leave out", async () => {
    expect(await inspect("a.jsonl", rows)).toMatchObject({
      format: "rows",
      rows: 5,
      used: 3,
      leftOut: { longPrompt: 1, shortPrompt: 1 },
      isPartial: false,
      withPrompt: 4,
      tasks: { chat: 2, code: 1, "": 1 },
      promptTokens: { countedBy: "whitespace words", statistics: { count: 4, min: 5, median: 5.5, max: 30 } },
      notedAnswerTokens: { countedBy: "the dataset", statistics: { count: 2, min: 7, max: 40 } },
      repeats: { rows: 1, example: { row: 2, ofRow: 1, prompt: words(5) } },
      longest: { row: 3, promptTokens: 30 },
      examples: [{ row: 1, task: "chat" }, { row: 2 }, { row: 3 }],
    });
  });

  it("is shown without what a terminal would obey", async () => {
    const report = await inspect("a.jsonl", rows);
    const text = toInspectText(report);
    expect(text).toBe(`${report.path}: format \`rows\`, 5 rows
A run that counts by whitespace words takes 3 of them; of the others 1 had a prompt over 8 words (maxPromptTokens), 1 had a prompt under 4 words
Counted below: 4 rows, of any length from 4 words up
Tasks: chat 2, code 1, (none) 1
Repeated prompts: 1, for instance row 2 has that of row 1: word word word word word

Tokens of prompts (4, counted by whitespace words)
  min 5 · median 5.5 · mean 11.5 · p90 22.8 · p99 29.28 · max 30
    4–7  ████████████████████████████████████████ 3
   8–15  0
  16–31  ██████████████ 1

Tokens of answers of which only the length is known (2, counted by the dataset)
  min 7 · median 23.5 · mean 23.5 · p90 36.7 · p99 39.67 · max 40
    4–7  ████████████████████████████████████████ 1
   8–15  0
  16–31  0
  32–63  ████████████████████████████████████████ 1

Longest prompt: row 3, 30 tokens: ${words(20, "long")}…

Examples
  row 1 (chat): word word word word word
  row 2 (chat): word word word word word
  row 3 (code): ${words(20, "long")}…`);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them may occur
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });

  it("is counted by the tokenizer of the user's, a batch of texts at a time", async () => {
    const batches: number[] = [];
    const counter: TokenCounter = {
      by: "tokenizer",
      name: "tokenizer.json",
      count: async (texts) => {
        batches.push(texts.length);
        return texts.map((text) => text.length);
      },
    };
    const many = lines(...Array.from({ length: 5 }, () => ({ prompt: words(100_000) })));
    const { promptTokens } = await inspect("b.jsonl", many, {}, counter);
    expect(promptTokens).toMatchObject({ countedBy: "tokenizer.json", statistics: { min: 499_999 } });
    expect(batches.filter((size) => size > 0)).toEqual([3, 2]);
  });

  it("has conversations, and answers that are counted in their texts", async () => {
    const said = (from: string, value: string) => ({ from, value });
    const text = JSON.stringify([
      {
        conversations: [
          said("human", words(5)),
          said("gpt", words(9)),
          said("human", words(4)),
          said("gpt", words(4)),
        ],
      },
      { conversations: [said("human", words(4)), said("gpt", words(4))] },
      { conversations: [said("gpt", words(4)), said("gpt", words(4))] },
    ]);
    const report = await inspect("c.json", text);
    expect(report).toMatchObject({
      format: "sharegpt",
      leftOut: { notHuman: 1 },
      turns: { statistics: { count: 2, min: 1, max: 2 } },
      answerTokens: { statistics: { min: 4, max: 9 } },
    });
    expect(report.notedAnswerTokens).toBeUndefined();
    expect(toInspectText(report)).toContain("Tokens of first answers (2, counted by whitespace words)");
  });

  it("may have no row that can be used", async () => {
    const report = await inspect("d.jsonl", lines({ prompt: "no" }));
    expect(report).toMatchObject({ rows: 1, used: 0, withPrompt: 0, examples: [] });
    expect(report).not.toHaveProperty("promptTokens");
    expect(toInspectText(report)).toContain("Repeated prompts: none");
  });

  it("that is cut off is refused, or counted up to there", async () => {
    const cut = `${rows}\n{"prompt": "it br`;
    await expect(inspect("e.jsonl", cut)).rejects.toThrow("row 6 is malformed or cut off");
    expect(await inspect("e.jsonl", cut, { allowPartial: true })).toMatchObject({
      isPartial: true,
      withPrompt: 4,
    });
  });

  it("with a row that is none is refused, with its number", async () => {
    await expect(inspect("f.jsonl", `${rows}\n{"x": 1}`)).rejects.toThrow(/f\.jsonl: row 6 has neither/);
  });
});

describe("lengths", () => {
  it("fall into bins, each twice as wide as the one before", () => {
    const lengths = new Lengths();
    for (const length of [0, 1, 2, 3, 4, 7, 16]) lengths.add(length);
    expect(lengths.summarize()?.histogram.map(({ from, to, count }) => [from, to, count])).toEqual([
      [0, 0, 1],
      [1, 1, 1],
      [2, 3, 2],
      [4, 7, 2],
      [8, 15, 0],
      [16, 31, 1],
    ]);
  });

  it("are kept, however many", () => {
    const lengths = new Lengths();
    for (let length = 0; length < 10_000; length++) lengths.add(length);
    expect(lengths.summarize()?.statistics).toMatchObject({ count: 10_000, mean: 4999.5, max: 9999 });
    expect(new Lengths().summarize()).toBeUndefined();
  });
});

it.each([
  ["a\r\n\tb\u0000\u202ec", "a b c"],
  ["x".repeat(101), `${"x".repeat(100)}…`],
  ["😀".repeat(100), "😀".repeat(100)],
  ["\u001b]0;title\u0007", "]0;title"],
])("%j on one line", (text, line) => {
  expect(toOneLine(text)).toBe(line);
});
