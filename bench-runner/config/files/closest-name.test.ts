import { describe, expect, it } from "vitest";
import { countEdits, findClosest, suggest } from "./closest-name.ts";

describe("a mistyped name", () => {
  const known = ["duration", "rps", "max_tokens", "temperature", "high-load"];
  const rows: [string, string | undefined][] = [
    ["durration", "duration"],
    ["duratoin", "duration"],
    ["rsp", "rps"],
    ["MaxTokens", "max_tokens"],
    ["hihg-load", "high-load"],
    ["completely-other", undefined],
    ["x", undefined],
  ];
  it.each(rows)("`%s` was meant to be `%s`", (name, expected) => {
    expect(findClosest(name, known)).toBe(expected);
    expect(suggest(name, known)).toBe(expected === undefined ? "" : ` Did you mean \`${expected}\`?`);
  });

  it("is as far as the edits that it takes: a swap of neighbours is one", () => {
    expect(countEdits("", "abc")).toBe(3);
    expect(countEdits("kitten", "sitting")).toBe(3);
    expect(countEdits("ab", "ba")).toBe(1);
    expect(countEdits("same", "same")).toBe(0);
  });
});
