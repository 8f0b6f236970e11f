// The seeds of a run's repeats: each draws its own prompts from the same distribution.

/** A prime that no one counts seeds by: repeats of neighbouring seeds share none. */
const STRIDE = 1_000_003;
const LARGEST = 2 ** 31 - 1;

/** @param repeat from 1, which has the run's own seed */
export function toRepeatSeed(seed: number, repeat: number): number {
  return repeat === 1 ? seed : (seed + (repeat - 1) * STRIDE) % LARGEST;
}
