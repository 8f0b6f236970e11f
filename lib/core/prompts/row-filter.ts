// Which rows of a dataset take part: the rules of llama.cpp's server bench, one by one, counting what each left out.
import type { Row, Turn } from "./row.ts";
import { toText } from "./templates.ts";

/** Why a row was left out. The first two concern conversations and are checked while they are read. */
export type FilterRule =
  | "oneTurn"
  | "notHuman"
  | "shortPrompt"
  | "shortAnswer"
  | "longPrompt"
  | "longContext"
  | "otherType"
  | "image";

export interface FilterLimits {
  /** Whitespace words. */
  maxPromptTokens: number;
  /** Whitespace words of prompt and answer together, with the row's own system message and the messages before the prompt. */
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
  const trimmed = text.trim();
  // In k6's engine twice as fast as to match the words.
  return trimmed === "" ? 0 : trimmed.split(/\s+/).length;
}

/** Whitespace words of what the row itself has before its prompt. */
function countBefore({ system = "", before = [] }: Row): number {
  return before.reduce((sum, { content }) => sum + countWords(toText(content)), countWords(system));
}

/** A prompt that continues a conversation may be short; with an image it may be absent. */
function leastWords({ content, before }: Row): number {
  if (content !== undefined) return 0;
  return before === undefined ? MIN_TOKENS : 1;
}

/**
 * The first rule that the row fails; undefined for a row that passes. Rules on answers hold for rows that have one;
 * synthetic prompts have the length that was asked for.
 */
export function failedRule(row: Row, limits: FilterLimits): FilterRule | undefined {
  if (row.synthetic !== undefined) return undefined;
  const promptTokens = countWords(row.prompt);
  const beforeTokens = countBefore(row);
  const answerTokens = row.answerTokens;
  if (promptTokens < leastWords(row)) return "shortPrompt";
  if (answerTokens !== undefined && answerTokens < MIN_TOKENS) return "shortAnswer";
  if (promptTokens > limits.maxPromptTokens) return "longPrompt";
  const hasMore = answerTokens !== undefined || beforeTokens > 0;
  if (hasMore && beforeTokens + promptTokens + (answerTokens ?? 0) > limits.maxContext) return "longContext";
  const [least, most] = limits.promptType ? PROMPT_TYPE_WORDS[limits.promptType] : [0, promptTokens];
  if (promptTokens < least || promptTokens > most) return "otherType";
  return undefined;
}

/**
 * The later turns of a row that passes, up to the first one that is empty, has a prompt over the limit, or with which the
 * whole conversation would be over that of the context.
 */
export function fittingTurns(row: Row, limits: FilterLimits): Turn[] {
  const turns = row.turns ?? [];
  let context = countBefore(row) + countWords(row.prompt) + (row.answerTokens ?? 0);
  const end = turns.findIndex(({ prompt, answerTokens = 0, synthetic }) => {
    const promptTokens = countWords(prompt);
    context += promptTokens + answerTokens;
    const isEmpty = promptTokens === 0 && synthetic === undefined;
    return isEmpty || promptTokens > limits.maxPromptTokens || context > limits.maxContext;
  });
  return end < 0 ? turns : turns.slice(0, end);
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
    image: "an image, which `/completions` does not take",
  };
  return Object.entries(failures)
    .map(([rule, count]) => `${count} had ${texts[rule as FilterRule]}`)
    .join(", ");
}
