// Synthetic prompts with a length in words → with the same length in tokens, as the server or its tokenizer counts them.
import { sum } from "d3-array";
import {
  mapTurns,
  type Row,
  type SyntheticPrompt,
  type Turn,
  turnsOf,
} from "../../../lib/core/prompts/row.ts";
import { toSyntheticPrompt, toSyntheticText } from "../../../lib/core/prompts/synthetic-prompt.ts";
import { fitWords, type Wanted } from "./fit-words.ts";
import type { TokenCounter } from "./token-counter.ts";

/** Most prompts that are counted; of more, this number at even distances, the longest included. */
const MOST_CHECKED = 2000;

export interface ExactRows {
  rows: Row[];
  /** Prompts that were counted, of first and later turns; 0 if words are counted. */
  checked: number;
  /** How many of them have exactly the requested tokens. */
  exact: number;
  /** The largest difference between the requested and the actual tokens. */
  worstOff: number;
}

const lengthOf = ({ words, prefix }: SyntheticPrompt) => words + (prefix?.words ?? 0);

/** Places 0 … length − 1: all, or `MOST_CHECKED` of them at even distances, one of which is replaced by the longest. */
function pickPlaces(prompts: readonly SyntheticPrompt[]): number[] {
  if (prompts.length <= MOST_CHECKED) return [...prompts.keys()];
  const longest = prompts.reduce(
    (best, prompt, place) => (lengthOf(prompt) > lengthOf(prompts[best] as SyntheticPrompt) ? place : best),
    0,
  );
  const places = Array.from({ length: MOST_CHECKED }, (_, step) =>
    Math.floor((step * prompts.length) / MOST_CHECKED),
  );
  // The last place that is not beyond it.
  const nearest = places.findLastIndex((place) => place <= longest);
  places[nearest] = longest;
  return places;
}

/** Words for each group's prefix, so that it has as many tokens as requested words. */
async function fitPrefixes(prompts: readonly SyntheticPrompt[], counter: TokenCounter, seed: number) {
  const wanted = new Map<number, Wanted>();
  for (const { prefix } of prompts) {
    if (prefix === undefined || wanted.has(prefix.group)) continue;
    const toText = (words: number) => toSyntheticPrompt(words, seed, -1 - prefix.group);
    wanted.set(prefix.group, { tokens: prefix.words, words: prefix.words, toText });
  }
  const fitted = await fitWords([...wanted.values()], counter);
  return new Map([...wanted.keys()].map((group, index) => [group, fitted[index]?.words as number]));
}

/** Many prompts share blocks: fitting one prompt would change what it shares with others. */
const isFitted = (prompt: SyntheticPrompt | undefined): prompt is SyntheticPrompt =>
  prompt !== undefined && prompt.blocks === undefined;

/**
 * Rows whose prompts, prefix and all, have as many tokens as they had words, in new rows; `promptTokens` is set if
 * a prompt was counted. The others get as many words as the counted ones needed on average.
 * @param rows of toSyntheticRows; other rows are returned unchanged
 * @param seed that of the run, by which the texts are made
 * @throws UserError of the counter
 */
export async function makeExact(
  rows: readonly Row[],
  counter: TokenCounter,
  seed: number,
): Promise<ExactRows> {
  const prompts = rows.flatMap(turnsOf).flatMap(({ synthetic }) => (isFitted(synthetic) ? synthetic : []));
  if (counter.by === "words" || prompts.length === 0) {
    return { rows: [...rows], checked: 0, exact: 0, worstOff: 0 };
  }
  const prefixes = await fitPrefixes(prompts, counter, seed);
  const withPrefix = (prompt: SyntheticPrompt, words: number): SyntheticPrompt => {
    if (prompt.prefix === undefined) return { ...prompt, words };
    const prefixWords = prefixes.get(prompt.prefix.group) ?? prompt.prefix.words;
    return { ...prompt, words, prefix: { ...prompt.prefix, words: prefixWords } };
  };
  const picked = pickPlaces(prompts).map((place) => prompts[place] as SyntheticPrompt);
  const fitted = await fitWords(
    picked.map((prompt) => ({
      tokens: lengthOf(prompt),
      words: prompt.words,
      toText: (words) => toSyntheticText(withPrefix(prompt, words), seed),
    })),
    counter,
  );
  const byIndex = new Map(picked.map(({ index }, place) => [index, fitted[place]]));
  const share = sum(fitted, ({ words }) => words) / sum(picked, ({ words }) => words);

  const toExact = <T extends Turn>(turn: T): T => {
    const { synthetic } = turn;
    if (!isFitted(synthetic)) return turn;
    const fit = byIndex.get(synthetic.index);
    const words = fit?.words ?? Math.max(Math.round(synthetic.words * share), 1);
    return {
      ...turn,
      ...(fit && { promptTokens: fit.tokens }),
      synthetic: withPrefix(synthetic, words),
    };
  };
  const off = fitted.map(({ tokens }, place) =>
    Math.abs(tokens - lengthOf(picked[place] as SyntheticPrompt)),
  );
  return {
    rows: rows.map((row) => mapTurns(row, toExact)),
    checked: picked.length,
    exact: off.filter((tokens) => tokens === 0).length,
    worstOff: off.reduce((worst, tokens) => Math.max(worst, tokens), 0),
  };
}
