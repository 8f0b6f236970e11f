import { describe, expect, it } from "vitest";
import {
  ANSWER_LENGTH_NAMES,
  ANSWER_LIMIT_NAMES,
  notedAnswerTokens,
  notedMaxTokens,
} from "./answer-length.ts";

describe("the length of an answer", () => {
  it.each(ANSWER_LENGTH_NAMES)("is read as `%s`, also as a text and in lower case", (name) => {
    expect(notedAnswerTokens({ [name]: 120 }, "row 1")).toBe(120);
    expect(notedAnswerTokens({ [name.toLowerCase()]: " 64 " }, "row 1")).toBe(64);
  });

  it("is the first of several that a row has", () => {
    const values = { answerTokens: null, output_len: 9, output_tokens: " ", output_tokens_count: 7 };
    expect(notedAnswerTokens(values, "row 1")).toBe(7);
    expect(notedAnswerTokens({ max_tokens: 5, output: "text" }, "row 1")).toBeUndefined();
  });

  it.each([[-1], ["many"], [[1]], [true], ["Infinity"]])("is refused if it is %j", (value) => {
    expect(() => notedAnswerTokens({ output_tokens: value }, "row 4")).toThrow(
      `row 4: expected \`output_tokens\` to be a number, 0 or above, got ${JSON.stringify(value)}`,
    );
  });
});

describe("the longest answer of a row of a table", () => {
  it.each(ANSWER_LIMIT_NAMES)("is read as `%s`, also as a text and in lower case", (name) => {
    expect(notedMaxTokens({ [name]: 120 }, "row 1")).toBe(120);
    expect(notedMaxTokens({ [name.toLowerCase()]: " 64 " }, "row 1")).toBe(64);
    expect(notedMaxTokens({ [name]: "" }, "row 1")).toBeUndefined();
  });

  it.each([["0"], ["many"], [1.5], ["-1"]])("is refused if it is %j", (value) => {
    expect(() => notedMaxTokens({ max_tokens: value }, "row 4")).toThrow(
      `row 4: expected \`max_tokens\` to be a whole number above 0, got ${JSON.stringify(value)}`,
    );
  });
});
