import { describe, expect, it } from "vitest";
import { toReadingForm } from "../apis/apis.ts";
import { finishRow, type ReadingForm } from "./reading-form.ts";
import type { Row } from "./row.ts";
import type { Template } from "./templates.ts";

const limits = { maxPromptTokens: 10, maxContext: 30 };
const words = (count: number) => Array.from({ length: count }, () => "word").join(" ");
const turn = (prompt: number, answer: number) => ({
  prompt: words(prompt),
  answer: words(answer),
  answerTokens: answer,
});
const bare = (prompt: number, answer: number) => ({ prompt: words(prompt), answerTokens: answer });
const finish = (row: Row, form: ReadingForm, template?: Template) =>
  finishRow(row, { ...limits, ...form }, template);

describe("toReadingForm", () => {
  it.each([
    ["one turn needs no answers", 1, "dataset", "chat", { maxTurns: 1, keepAnswers: false, style: "chat" }],
    [
      "later turns have the dataset's",
      3,
      "dataset",
      "chat",
      { maxTurns: 3, keepAnswers: true, style: "chat" },
    ],
    ["or the server's own", 3, "real", "chat", { maxTurns: 3, keepAnswers: false, style: "chat" }],
    ["base models get texts", 1, "real", "completions", { maxTurns: 1, keepAnswers: false, style: "plain" }],
  ] as const)("%s", (_, maxTurns, history, endpoint, form) => {
    expect(toReadingForm({ maxTurns, history, endpoint })).toEqual(form);
  });
});

describe("the turns of a row", () => {
  const row = { id: "a", ...turn(5, 5), turns: [turn(2, 3), turn(4, 4), turn(1, 1)] };
  it.each([
    ["are its first one alone by default", {}, { id: "a", ...bare(5, 5) }],
    ["are as many as asked for", { maxTurns: 2 }, { id: "a", ...bare(5, 5), turns: [bare(2, 3)] }],
    [
      "keep the dataset's answers where they are needed",
      { maxTurns: 3, keepAnswers: true },
      { id: "a", ...turn(5, 5), turns: [turn(2, 3), turn(4, 4)] },
    ],
  ])("%s", (_, form, expected) => {
    expect(finish(row, form)).toEqual(expected);
  });

  it.each([
    ["that is empty", [turn(2, 2), turn(0, 2), turn(2, 2)], 1],
    ["whose prompt is over the limit", [turn(2, 2), turn(11, 0)], 1],
    ["with which all is over that of the context", [turn(5, 5), turn(5, 5), turn(1, 0)], 2],
    ["with which all is over it by the answer", [turn(5, 5), turn(5, 6)], 1],
  ])("end before the one %s", (_, turns, count) => {
    const given = { id: "a", ...turn(5, 5), turns };
    expect(finish(given, { maxTurns: 9 })).toEqual({
      id: "a",
      ...bare(5, 5),
      turns: turns.slice(0, count).map(({ prompt, answerTokens }) => ({ prompt, answerTokens })),
    });
  });
});

describe("what a row has before its prompt", () => {
  const before = [{ role: "user", content: words(12) } as const];
  const system = words(12);
  it.each([
    ["makes a short prompt one worth sending", { before, prompt: "yes" }, undefined],
    ["does not make up for an empty one", { before, prompt: "" }, "shortPrompt"],
    ["counts to the context", { before, system, prompt: words(7) }, "longContext"],
    ["may fill the context", { before, system, prompt: words(6) }, undefined],
    ["may be an image", { content: [{ type: "image_url" }], prompt: "" }, undefined],
  ])("%s", (_, fields, rule) => {
    const row = { id: "a", ...fields };
    expect(finish(row, {})).toEqual(rule ?? row);
  });

  it("may be synthetic, and is then not filtered", () => {
    const row = { id: "a", prompt: "", synthetic: { words: 9000, index: 0 } };
    expect(finish(row, {})).toEqual(row);
    expect(finish(row, { style: "plain" }, "chat")).toEqual(row);
  });
});

describe("a row for base models", () => {
  const plain = { style: "plain", maxTurns: 3 } as const;
  const texts: [Template, string, string][] = [
    ["chat", "how are you today", "User: how are you today\n\nAssistant:"],
    ["summarization", "an article of words", "an article of words\n\nTL;DR:"],
    ["question-answering", "who wrote the book", "Question: who wrote the book\nAnswer:"],
    ["code", 'def f():\n    """Give one."""\n', 'def f():\n    """Give one."""\n'],
  ];
  it.each(texts)("for the kind %s is a text to go on with", (template, prompt, expected) => {
    const wide = { ...plain, maxPromptTokens: 100 };
    expect(finish({ id: "a", prompt }, wide, template)).toEqual({
      id: "a",
      prompt: expected,
      style: "plain",
    });
  });

  it("without a template stays as it is", () => {
    expect(finish({ id: "a", prompt: words(5) }, plain)).toEqual({ id: "a", prompt: words(5) });
  });

  it("has the same limits as for chat models", () => {
    expect(finish({ id: "a", prompt: words(10) }, plain, "chat")).toMatchObject({ id: "a" });
    expect(finish({ id: "a", prompt: words(11) }, plain, "chat")).toBe("longPrompt");
    expect(finish({ id: "a", prompt: words(3) }, plain, "chat")).toBe("shortPrompt");
  });

  it("has what was said before in its prompt, each later turn in its own, and no tools", () => {
    const row: Row = {
      id: "a",
      system: "Be brief.",
      before: [
        { role: "user", content: [{ type: "text", text: "Hello" }] },
        { role: "assistant", content: null, tool_calls: [{}] },
        { role: "tool", content: "8 degrees" },
      ],
      prompt: "And now?",
      turns: [{ prompt: "And then?" }],
      body: { tools: [{}], tool_choice: "auto", response_format: { type: "text" } },
    };
    expect(finish(row, plain, "chat")).toEqual({
      id: "a",
      system: "Be brief.",
      prompt: "User: Hello\n\nTool: 8 degrees\n\nUser: And now?\n\nAssistant:",
      turns: [{ prompt: "User: And then?\n\nAssistant:" }],
      body: { response_format: { type: "text" } },
      style: "plain",
    });
  });

  it("cannot have an image", () => {
    const content = [{ type: "image_url", image_url: { url: "data:image/png;base64,AA==" } }];
    expect(finish({ id: "a", prompt: words(5), content }, plain, "chat")).toBe("image");
    const before = [{ role: "user", content } as const];
    expect(finish({ id: "a", prompt: words(5), before }, plain, "chat")).toBe("image");
  });
});
