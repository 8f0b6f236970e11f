import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MOST_BYTES, toHarmlessText, toPlainLine, toShortLine, withoutControl } from "./plain-text.ts";

/** Texts as a hostile server sends them. */
const hostile = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      "\u001b",
      "[31m",
      "\u009b",
      "]0;",
      "\u0007",
      "\n",
      "\r",
      "\u2028",
      "\u202e",
      "::error::",
      "##[",
    ),
    fc.string({ unit: "binary", maxLength: 3 }),
  ),
  maxLength: 60,
});
const CONTROL = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/u;

describe("a line", () => {
  it.each([
    [" a\tb\r\n\u001b[31mc\u0007 \u202e", "a b c"],
    ["\u001b]0;title\u0007x\u001b(B\u001b[2Ky", "xy"],
    ["\u009b1mz", "z"],
    ["日本 😀", "日本 😀"],
  ])("%j is %j", (text, line) => {
    expect(toPlainLine(text)).toBe(line);
  });

  it("has no control character, and at most a KiB where it is short", () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 1, max: 200 }), (text, times) => {
        expect(toPlainLine(text)).not.toMatch(CONTROL);
        const short = toShortLine(text.repeat(times));
        expect(short).not.toMatch(CONTROL);
        expect(Buffer.byteLength(short)).toBeLessThanOrEqual(MOST_BYTES);
      }),
    );
  });

  it("that is one already stays as it is, with all its blanks", () => {
    expect(toShortLine(" my  model ")).toBe(" my  model ");
  });

  it("that is too long is cut between characters", () => {
    expect(toShortLine("é".repeat(600))).toBe(`${"é".repeat(510)}…`);
    expect(toShortLine("😀".repeat(3_000_000))).toBe(`${"😀".repeat(255)}…`);
  });
});

describe("an output", () => {
  it.each([
    ["lines, tabs and own colours", "a\n\tb \u001b[31mred\u001b[0m", "a\n\tb \u001b[31mred\u001b[0m"],
    ["what moves the cursor", "a\u001b[2Jb\rc\u009b1m", "a [2Jb c 1m"],
    [
      "a command of GitHub",
      "a::b\n  ::error::x\n\u001b[31m::set-env::y",
      "a::b\n  : :error::x\n\u001b[31m: :set-env::y",
    ],
    ["older commands, anywhere in a line", "x ##[error]y ##vso[task]z", "x ## [error]y ## vso[task]z"],
    ["headings", "## [link]", "## [link]"],
  ])("may have %s, or not", (_, text, shown) => {
    expect(toHarmlessText(text)).toBe(shown);
  });

  it("has neither control characters nor commands", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const lines = toHarmlessText(text).replaceAll("\u001b[31m", "").split("\n");
        for (const line of lines) expect(line).not.toMatch(/^\s*::|##\w*\[/);
        expect(lines.join("").replaceAll("\t", "")).not.toMatch(CONTROL);
        expect(withoutControl(text).replace(/[\n\t]/g, "")).not.toMatch(CONTROL);
      }),
    );
  });
});
