import fc from "fast-check";
import stringWidth from "string-width";
import { describe, expect, test } from "vitest";
import { toPlainLine } from "./plain-text.ts";
import { cutToWidth, padToWidth, wrapToWidth } from "./terminal-text.ts";

const text = fc.string({ unit: "grapheme", maxLength: 60 });

describe("text in columns", () => {
  test.each([
    ["abc", 3],
    ["日本", 4],
    ["e\u0301", 1],
    ["😀!", 3],
    ["", 0],
  ])("%j is %i wide", (given, width) => expect(stringWidth(given)).toBe(width));

  test("what is cut has the width at most, what is padded at least", () => {
    expect(cutToWidth("abcdef", 4)).toBe("abc…");
    expect(cutToWidth("日本語", 4)).toBe("日…");
    expect(padToWidth("日本", 6)).toBe("日本  ");
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 30 }), (given, width) => {
        expect(stringWidth(cutToWidth(given, width))).toBeLessThanOrEqual(width);
        expect(stringWidth(padToWidth(given, width))).toBeGreaterThanOrEqual(width);
      }),
    );
  });

  test("wrapping breaks at spaces, and a word that is too long", () => {
    expect(wrapToWidth("one two three", 7)).toEqual(["one two", "three"]);
    expect(wrapToWidth("http://example.org/a b", 10)).toEqual(["http://exa", "mple.org/a", "b"]);
    expect(wrapToWidth("", 10)).toEqual([""]);
  });

  test("wrapping loses nothing and keeps the width", () => {
    fc.assert(
      // A single sign can be four columns wide, and is never broken.
      fc.property(text.map(toPlainLine), fc.integer({ min: 4, max: 40 }), (given, width) => {
        const lines = wrapToWidth(given, width);
        // Wrapping composes characters (Unicode NFC).
        expect(lines.join("").replaceAll(" ", "")).toBe(given.normalize().replaceAll(" ", ""));
        for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(width);
      }),
    );
  });
});
