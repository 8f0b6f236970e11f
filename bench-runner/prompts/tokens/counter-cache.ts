// A cache of counts: a text that occurs twice in a run is counted once.
import type { TokenCounter } from "./token-counter.ts";

/** Texts are forgotten, the oldest first, when those kept have more characters than this. */
const MOST_CHARACTERS = 1 << 25;

/** The same counter, asked once for each text. */
export function cacheCounts(counter: TokenCounter, mostCharacters: number = MOST_CHARACTERS): TokenCounter {
  const known = new Map<string, number>();
  let characters = 0;
  const remember = (text: string, tokens: number) => {
    if (known.has(text)) return;
    known.set(text, tokens);
    characters += text.length;
    for (const oldest of known.keys()) {
      if (characters <= mostCharacters) break;
      known.delete(oldest);
      characters -= oldest.length;
    }
  };
  return {
    ...counter,
    async count(texts) {
      const counts = new Map<string, number>();
      const unknown = new Set<string>();
      for (const text of texts) {
        const tokens = known.get(text);
        if (tokens === undefined) unknown.add(text);
        else counts.set(text, tokens);
      }
      const fresh = [...unknown];
      const counted = fresh.length === 0 ? [] : await counter.count(fresh);
      fresh.forEach((text, index) => {
        const tokens = counted[index] as number;
        counts.set(text, tokens);
        remember(text, tokens);
      });
      return texts.map((text) => counts.get(text) as number);
    },
  };
}
