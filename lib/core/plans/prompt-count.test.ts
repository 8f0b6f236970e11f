import { expect, test } from "vitest";
import { countPlanned, toPromptCount } from "./prompt-count.ts";

test("the number of prompts is the named one, else as many as a dataset may have, or 480 synthetic ones", () => {
  expect(toPromptCount({ nPrompts: 5, promptTokens: "100" })).toBe(5);
  expect(toPromptCount({})).toBe(10_000);
  expect(toPromptCount({ promptTokens: "100" })).toBe(480);
});

test("two servers at once get each prompt once", () => {
  expect(countPlanned({ nPrompts: 5 })).toBe(5);
  expect(countPlanned({ nPrompts: 5, ab: ["http://a", "http://b"] })).toBe(10);
});
