// Which rows of a dataset take part: the rules of llama.cpp's server bench, one by one, counting what each left out.
import type { Row } from "./row.ts";

/** Why a row was left out. The first two concern conversations and are checked while they are read. */
export type FilterRule =
  | "oneTurn"
  | "notHuman"
  | "shortPrompt"
  | "shortAnswer"
  | "longPrompt"
  | "longContext"
  | "otherType";

export interface FilterLimits {
  /** Whitespace words. */
  maxPromptTokens: number;
  /** Whitespace words of prompt and answer together. */
  maxContext: number;
  /** Absent: of any length. */
  promptType?: PromptType;
}

/** Prompts by their whitespace words, the last one included. */
export type PromptType = "short" | "medium" | "long";
const PROMPT_TYPE_WORDS: Record<PromptType, readonly [number, number]> = {
  short: [0, 25],
  medium: [26, 120],
  long: [121, Number.POSITIVE_INFINITY],
};

export type FilterCounts = Partial<Record<FilterRule, number>>;

/** Fewer whitespace words than this make a prompt or an answer too short to say anything about a server. */
const MIN_TOKENS = 4;

/** Number of whitespace words: the "tokens" of every filter option. */
export function countWords(text: string): number {
  return text.match(/\S+/g)?.length ?? 0;
}

/** The first rule that the row fails; undefined for a row that passes. Rules on answers hold for rows that have one. */
export function failedRule(row: Row, limits: FilterLimits): FilterRule | undefined {
  const promptTokens = countWords(row.prompt);
  const answerTokens = row.answerTokens;
  if (promptTokens < MIN_TOKENS) return "shortPrompt";
  if (answerTokens !== undefined && answerTokens < MIN_TOKENS) return "shortAnswer";
  if (promptTokens > limits.maxPromptTokens) return "longPrompt";
  if (answerTokens !== undefined && promptTokens + answerTokens > limits.maxContext) return "longContext";
  const [least, most] = limits.promptType ? PROMPT_TYPE_WORDS[limits.promptType] : [0, promptTokens];
  if (promptTokens < least || promptTokens > most) return "otherType";
  return undefined;
}

/** "3 had a prompt under 4 words, 2 …": how many rows failed which rule; empty where none did. */
export function describeFailures(failures: FilterCounts, limits: FilterLimits): string {
  const texts: Record<FilterRule, string> = {
    oneTurn: "fewer than 2 turns",
    notHuman: "a first turn that is not from a human",
    shortPrompt: `a prompt under ${MIN_TOKENS} words`,
    shortAnswer: `an answer under ${MIN_TOKENS} words`,
    longPrompt: `a prompt over ${limits.maxPromptTokens} words (maxPromptTokens)`,
    longContext: `a prompt and answer over ${limits.maxContext} words (maxContext)`,
    otherType: `a prompt that is not ${limits.promptType} (promptType)`,
  };
  return Object.entries(failures)
    .map(([rule, count]) => `${count} had ${texts[rule as FilterRule]}`)
    .join(", ");
}
