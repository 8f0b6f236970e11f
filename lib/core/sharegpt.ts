// One ShareGPT conversation → a row: the first turn is the prompt, the second the dataset's own answer.
import type { Row } from "./row.ts";
import { countWords, type FilterLimits, type FilterRule, failedRule } from "./row-filter.ts";

interface Turn {
  from?: unknown;
  value?: unknown;
}

/**
 * @param conversation one element of a ShareGPT file, whatever it is
 * @param number its place in the file, from 1: it names the row (the ids in the files themselves are not unique)
 * @returns the row, or the first rule that it fails; undefined for what is no conversation at all
 */
export function toShareGptRow(
  conversation: unknown,
  number: number,
  limits: FilterLimits,
): Row | FilterRule | undefined {
  const turns = (conversation as { conversations?: unknown } | null)?.conversations;
  if (!Array.isArray(turns)) return undefined;
  if (turns.length < 2) return "oneTurn";
  const [question, answer] = turns as [Turn | null, Turn | null];
  if (question?.from !== "human") return "notHuman";
  const row: Row = {
    id: `sharegpt-${number}`,
    prompt: String(question.value ?? ""),
    answerTokens: countWords(String(answer?.value ?? "")),
  };
  return failedRule(row, limits) ?? row;
}
