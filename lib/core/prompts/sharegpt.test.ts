import { describe, expect, it } from "vitest";
import { toShareGptRow } from "./sharegpt.ts";

const limits = { maxPromptTokens: 100, maxContext: 200, maxTurns: 9, keepAnswers: true };
const HUMAN = "a prompt of five words";
const MODEL = "the answer of six whole words";
const said = (...from: string[]) => ({
  conversations: from.map((name) => ({ from: name, value: name === "human" ? HUMAN : MODEL })),
});
const read = (conversation: unknown, form = {}) => toShareGptRow(conversation, 7, { ...limits, ...form });
const turn = { prompt: HUMAN, answer: MODEL, answerTokens: 6 };

describe("a ShareGPT conversation", () => {
  const table: [sentence: string, from: string[], turns: object[]][] = [
    ["has a turn for each question", ["human", "gpt", "human", "gpt", "human", "gpt"], [turn, turn]],
    ["may end with a question", ["human", "gpt", "human"], [{ prompt: HUMAN }]],
    ["may have another model's answers", ["human", "chatgpt", "human", "bing"], [turn]],
    [
      "ends where two questions follow each other",
      ["human", "gpt", "human", "human", "gpt"],
      [{ prompt: HUMAN }],
    ],
    ["ends where two answers do", ["human", "gpt", "gpt", "human"], []],
    ["ends at a call of a function", ["human", "function_call", "observation", "gpt"], []],
  ];
  it.each(table)("%s", (_, from, turns) => {
    expect(read(said(...from))).toEqual({
      id: "sharegpt-7",
      ...turn,
      ...(turns.length > 0 && { turns }),
    });
  });

  it.each([
    ["`user` and `assistant`", { from: "user", value: HUMAN }, { from: "assistant", value: MODEL }],
    ["`role` and `content`", { role: "user", content: HUMAN }, { role: "assistant", content: MODEL }],
  ])("may name its speakers %s", (_, question, answer) => {
    expect(read({ conversations: [question, answer, question, answer] })).toEqual({
      id: "sharegpt-7",
      ...turn,
      turns: [turn],
    });
  });

  it("has as many turns as asked for", () => {
    const four = said(..."human gpt human gpt human gpt human gpt".split(" "));
    expect(read(four, { maxTurns: 2 })).toMatchObject({ turns: [turn] });
    expect(read(four, { maxTurns: 1 })).not.toHaveProperty("turns");
  });

  it("may begin with a system message", () => {
    expect(read(said("system", "human", "gpt"))).toEqual({ id: "sharegpt-7", ...turn, system: MODEL });
  });

  it.each([
    ["has nothing after its system message and question", said("system", "human"), "oneTurn"],
    ["begins with the model", said("gpt", "human", "gpt"), "notHuman"],
    ["begins with the model after its system message", said("system", "gpt"), "notHuman"],
    ["is empty", said(), "oneTurn"],
    ["has turns that are nothing", { conversations: [null, null] }, "notHuman"],
    [
      "has a question without a text",
      { conversations: [{ from: "human", value: null }, null] },
      "shortPrompt",
    ],
  ])("is left out where it %s", (_, conversation, rule) => {
    expect(read(conversation)).toBe(rule);
  });

  it("is for base models what user and assistant say", () => {
    expect(read(said("human", "gpt", "human", "gpt"), { style: "plain", keepAnswers: false })).toEqual({
      id: "sharegpt-7",
      style: "plain",
      prompt: `User: ${HUMAN}\n\nAssistant:`,
      answerTokens: 6,
      turns: [{ prompt: `User: ${HUMAN}\n\nAssistant:`, answerTokens: 6 }],
    });
  });
});
