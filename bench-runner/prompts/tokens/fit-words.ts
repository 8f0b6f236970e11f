// How many words a synthetic text needs for a number of tokens.
import type { TokenCounter } from "./token-counter.ts";

/** A text whose length in words is free. */
export interface Wanted {
  tokens: number;
  /** The first try. */
  words: number;
  /** The text with this number of words. */
  toText: (words: number) => string;
}

/** The nearest number of words, and its tokens. */
export interface Fitted {
  words: number;
  tokens: number;
}

const MOST_ROUNDS = 8;

/**
 * Counts and corrects, in up to 8 rounds: texts that are exact are counted once. If words have several tokens each
 * and no count is exact, the nearest one is kept.
 */
export async function fitWords(wanted: readonly Wanted[], counter: TokenCounter): Promise<Fitted[]> {
  const tries = wanted.map(({ words }) => ({ words, tried: new Set<number>() }));
  const nearest: Fitted[] = [];
  let open = [...wanted.keys()];
  for (let round = 0; round < MOST_ROUNDS && open.length > 0; round++) {
    const counts = await counter.count(
      open.map((place) => (wanted[place] as Wanted).toText(tries[place]?.words as number)),
    );
    open = open.filter((place, index) => {
      const [target, tokens] = [(wanted[place] as Wanted).tokens, counts[index] as number];
      const attempt = tries[place] as (typeof tries)[0];
      const { words, tried } = attempt;
      const best = nearest[place];
      if (best === undefined || Math.abs(tokens - target) < Math.abs(best.tokens - target)) {
        nearest[place] = { words, tokens };
      }
      tried.add(words);
      const missing = target - tokens;
      // If a word is one token, the difference is the correction; if it is more, that would overshoot.
      const step = missing / Math.max(tokens / words, 1);
      attempt.words = Math.max(words + Math.sign(step) * Math.max(Math.round(Math.abs(step)), 1), 1);
      return missing !== 0 && !tried.has(attempt.words);
    });
  }
  return nearest;
}
