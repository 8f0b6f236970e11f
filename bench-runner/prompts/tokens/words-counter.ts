// Counts tokens by white space: the estimate without a tokenizer.
import { countWords } from "../../../lib/core/prompts/row-filter.ts";
import type { TokenCounter } from "./token-counter.ts";

export const wordsCounter: TokenCounter = {
  by: "words",
  name: "whitespace words",
  count: async (texts) => texts.map(countWords),
};
