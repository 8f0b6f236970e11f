// Two servers at once: the same prompts go to both, a pair of requests each, in an order that is drawn for every pair.
import { OptionError } from "../option-error.ts";
import { createRandom } from "../prompts/random.ts";

/** Which of the two: its label in samples and records, and its place among the addresses. */
export const AB_SIDES = ["a", "b"] as const;
export type AbSide = (typeof AB_SIDES)[number];

/** Keeps the draws apart from those that order the rows by the same seed. */
const STREAM = 0x616272;

/**
 * What the request of this number is, counted over the whole run from 0: two after each other are a
 * pair. So whatever drifts while the run lasts drifts for both servers alike, and neither always comes first.
 */
export function pairOf(index: number, seed: number): { pair: number; side: AbSide } {
  const pair = Math.floor(index / 2);
  const isTurned = createRandom(Math.imul(seed ^ STREAM, 0x9e3779b1) + pair)() < 0.5;
  return { pair, side: (index % 2 === 1) === isTurned ? "a" : "b" };
}

/** @throws OptionError where they are not two addresses */
export function checkAb(ab: readonly string[] | undefined): void {
  if (ab === undefined) return;
  const wrong = ab.find((url) => !/^https?:\/\/[^\s/]+/.test(url));
  if (wrong !== undefined) {
    throw new OptionError(
      `\`--ab\` (SERVER_BENCH_AB): expected URLs that start with http:// or https://, got \`${wrong}\`.`,
    );
  }
  if (ab.length !== 2) {
    const many = ab.length === 1 ? "one" : String(ab.length);
    throw new OptionError(
      `\`--ab\` (SERVER_BENCH_AB): expected the URLs of two servers, got ${many}: \`--ab http://HOST:PORT http://HOST:PORT\`.`,
    );
  }
}
