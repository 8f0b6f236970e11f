// Repeatable random numbers: the same seed gives the same numbers in k6 and in Node.

/** The next number, at least 0 and below 1. */
export type Random = () => number;

/** splitmix32: 32 bits of state, passes through every state once; good for picking and shuffling, not for secrets. */
export function createRandom(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}

/** A number from the standard normal distribution (Box and Muller). */
export function drawNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/**
 * `count` of the items in random order, each at most once (Fisher–Yates from the front); all of them shuffled where
 * there are fewer. Leaves the given array as it is.
 */
export function sample<T>(items: readonly T[], count: number, random: Random): T[] {
  const drawn = items.slice();
  const wanted = Math.min(count, drawn.length);
  for (let i = 0; i < wanted; i++) {
    const j = i + Math.floor(random() * (drawn.length - i));
    [drawn[i], drawn[j]] = [drawn[j] as T, drawn[i] as T];
  }
  return drawn.slice(0, wanted);
}
