import { expect, it } from "vitest";
import { toIndex } from "./plain-asker.ts";

it.each([
  ["Enter is the first", "", 0],
  ["1 is the first", "1", 0],
  ["3 is the last of three", " 3 ", 2],
  ["4 of three is nothing", "4", undefined],
  ["0 is nothing", "0", undefined],
  ["a word is nothing", "two", undefined],
] as [string, string, number | undefined][])("%s", (_, text, index) => {
  expect(toIndex(text, 3)).toBe(index);
});
