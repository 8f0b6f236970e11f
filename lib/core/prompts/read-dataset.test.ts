import { describe, expect, it } from "vitest";
import { readDataset } from "./read-dataset.ts";

const limits = { maxPromptTokens: 1024, maxContext: 2048 };
const read = (text: string) => readDataset(text, limits, { nPrompts: 100, order: "sequential", seed: 1 });
const turns = (...values: [string, string][]) => ({
  conversations: values.map(([from, value]) => ({ from, value })),
});
const good = turns(["human", 'a "prompt" of {five} words'], ["gpt", "an answer of five words"]);
const goodRow = { id: "sharegpt-1", prompt: 'a "prompt" of {five} words', answerTokens: 5 };

describe("readDataset", () => {
  it.each([
    ["an array", JSON.stringify([good])],
    ["lines", `${JSON.stringify(good)}\n`],
    ["an array after a byte order mark", `\uFEFF ${JSON.stringify([good])}`],
    ["lines with CRLF and blank ones", `\r\n${JSON.stringify(good)}\r\n\r\n`],
  ])("reads ShareGPT conversations from %s", (_, text) => {
    expect(read(text).rows).toEqual([goodRow]);
  });

  it("reads prepared rows", () => {
    const rows = [
      { id: "chat-1", task: "chat", prompt: "one two three four" },
      { id: "chat-2", prompt: "one two three four", answerTokens: 4 },
    ];
    expect(read(rows.map((row) => JSON.stringify(row)).join("\n")).rows).toEqual(rows);
  });

  it("names a row without an id by its place", () => {
    expect(read('{"prompt":"one two three four"}').rows[0]?.id).toBe("row-1");
  });

  it("counts what each rule left out", () => {
    const conversations = [
      good,
      turns(["human", "a prompt of five words"]),
      turns(["gpt", "a prompt of five words"], ["human", "an answer of five words"]),
      turns(["human", "hi"], ["gpt", "an answer of five words"]),
      turns(["human", "a prompt of five words"], ["gpt", "yes"]),
      turns(["human", "word ".repeat(1025)], ["gpt", "an answer of five words"]),
      turns(["human", "a prompt of five words"], ["gpt", "word ".repeat(2044)]),
    ];
    const { rows, failures } = read(JSON.stringify(conversations));
    expect(rows).toEqual([goodRow]);
    expect(failures).toEqual({
      oneTurn: 1,
      notHuman: 1,
      shortPrompt: 1,
      shortAnswer: 1,
      longPrompt: 1,
      longContext: 1,
    });
  });

  it("counts the entries of a ShareGPT file that have no conversations", () => {
    const entries = [{ id: "a" }, null, good, { conversations: null }, { conversations: [] }];
    const { rows, failures } = read(JSON.stringify(entries));
    expect(rows).toEqual([{ ...goodRow, id: "sharegpt-3" }]);
    expect(failures).toEqual({ oneTurn: 4 });
  });

  it("refuses what is no text and no list in their place, and texts instead of rows", () => {
    expect(() => read(JSON.stringify([good, { conversations: "said" }]))).toThrow("row 2 has neither");
    expect(() => read(JSON.stringify(["a text", "another text"]))).toThrow("row 1 has neither");
  });

  const two = JSON.stringify([good, good]);
  it.each([
    ["an empty file", "", "it is empty"],
    ["white space only", " \n\n", "it is empty"],
    ["an empty array", "[]", "it has no rows"],
    ["a line that is cut off", '{"prompt":"one two three four"}\n{"prom', "row 2 is malformed or cut off"],
    ["an array that is cut off in a row", two.slice(0, -20), "row 2 is malformed or cut off"],
    ["an array that is cut off after a row", two.slice(0, -1), "row 3 is malformed or cut off"],
    ["an array that is cut off in its first row", two.slice(0, 30), "row 1 is malformed or cut off"],
    ["garbage between rows", two.replace('},{"conv', '},x{"conv'), "row 2 is malformed or cut off"],
    ["a text that ends with an escaped quote", '[{"prompt":"a \\"', "row 1 is malformed or cut off"],
    ["another kind of object", '{"text":"one two three four"}', "row 1 has neither"],
    ["a number", "17", "row 1 has neither"],
    ["rows that all fail", '{"prompt":"one two"}', "no row passes the filter: 1 had a prompt under 4 words"],
  ])("says what is wrong with %s", (_, text, message) => {
    expect(() => read(text)).toThrow(message);
  });
});
