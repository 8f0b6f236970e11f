import { describe, expect, it } from "vitest";
import { toRow } from "./read-dataset.ts";
import type { Row } from "./row.ts";

const limits = { maxPromptTokens: 100, maxContext: 200 };
const prompt = "one two three four";
const whole: Row = {
  id: "a",
  task: "chat",
  prompt,
  answer: "an answer of five words",
  answerTokens: 5,
  promptTokens: 6,
  outputTokens: 7,
  system: "",
  before: [{ role: "tool", content: "8 degrees", tool_call_id: "c1" }],
  content: [{ type: "image_url", image_url: { url: "https://example.com/a.png" } }],
  turns: [{ prompt, answer: "yes", answerTokens: 1, promptTokens: 4, outputTokens: 2 }],
  maxTokens: 64,
  body: { tools: [{ type: "function" }] },
};

describe("a row of the prepared form", () => {
  it("is read back as it was written", () => {
    const form = { ...limits, maxTurns: 2, keepAnswers: true };
    expect(toRow(JSON.parse(JSON.stringify(whole)), 1, form)).toEqual(whole);
    const synthetic = {
      id: "b",
      prompt: "",
      synthetic: { words: 9, index: 3, prefix: { words: 4, group: 0 } },
    };
    expect(toRow(synthetic, 1, form)).toEqual(synthetic);
  });

  it("for base models is read back as it was written, whatever its words are by now", () => {
    const plain = { ...limits, maxTurns: 2, style: "plain" } as const;
    const { content, ...texts } = whole;
    const row = toRow(texts, 1, plain);
    expect(row).toMatchObject({
      prompt: `Tool: 8 degrees\n\nUser: ${prompt}\n\nAssistant:`,
      turns: [{ prompt: `User: ${prompt}\n\nAssistant:` }],
    });
    expect(toRow(JSON.parse(JSON.stringify(row)), 1, { ...plain, maxPromptTokens: 4 })).toEqual(row);
  });

  it("is used unchanged for base models where it has no task", () => {
    expect(toRow({ id: "a", prompt }, 1, { ...limits, style: "plain" })).toEqual({ id: "a", prompt });
  });

  it("may have null for what it does not have, keys of its own, and an id that is no text", () => {
    expect(toRow({ id: 17, prompt, turns: null, answerTokens: null, note: "x" }, 3, limits)).toEqual({
      id: "row-3",
      prompt,
    });
  });

  it("may name the length of its answer, and the limit, as other load testers do", () => {
    const fields = { output_tokens: 120, max_tokens: 64, turns: [{ prompt, output_tokens_count: 7 }] };
    const form = { ...limits, maxContext: 400, maxTurns: 2 };
    expect(toRow({ prompt, ...fields }, 1, form)).toEqual({
      id: "row-1",
      prompt,
      answerTokens: 120,
      maxTokens: 64,
      turns: [{ prompt, answerTokens: 7 }],
    });
    expect(toRow({ prompt, maxTokens: 9, max_tokens: 64 }, 1, form)).toMatchObject({ maxTokens: 9 });
  });

  const wrong: [fields: object, message: string][] = [
    [{ maxTokens: 0 }, "row 3: expected `maxTokens` to be a whole number above 0, got 0"],
    [{ maxTokens: "64" }, 'row 3: expected `maxTokens` to be a whole number above 0, got "64"'],
    [{ answerTokens: -1 }, "row 3: expected `answerTokens` to be a number, 0 or above, got -1"],
    [{ output_tokens: "many" }, 'row 3: expected `output_tokens` to be a number, 0 or above, got "many"'],
    [{ max_tokens: -1 }, "row 3: expected `max_tokens` to be a whole number above 0, got -1"],
    [{ answer: 4 }, "row 3: expected `answer` to be a text, got 4"],
    [{ system: ["x"] }, 'row 3: expected `system` to be a text, got ["x"]'],
    [
      { before: [{ content: "x" }] },
      "row 3: expected `before` to be a list of messages, each with a text `role`",
    ],
    [{ content: "x" }, "row 3: expected `content` to be a list of parts, each with a text `type`"],
    [{ turns: [{}] }, "row 3: expected `turns` to be a list of turns, each with a text `prompt`"],
    [{ turns: [{ prompt, answer: 1 }] }, "row 3, turn 2: expected `answer` to be a text, got 1"],
    [{ body: [] }, "row 3: expected `body` to be an object, got []"],
    [{ body: "x".repeat(100) }, `got "${"x".repeat(59)}…`],
  ];
  it.each(wrong)("is refused with %j", (fields, message) => {
    expect(() => toRow({ prompt, ...fields }, 3, limits)).toThrow(message);
  });
});
