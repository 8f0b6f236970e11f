// Synthetic prompts of a given length: for drawn lengths, and for traces that record only the length of a prompt.
import { createRandom, sample } from "./random.ts";
import type { SyntheticPrompt } from "./row.ts";

/**
 * 128 words, each of them one token after a space (checked with SmolLM2's vocabulary and with OpenAI's p50k, cl100k and
 * o200k), and all of four letters: so the place of a word in a text is known without a look at the text.
 */
const VOCABULARY =
  "time year life hand part case week work home room area book word side kind head game line city name team idea body back " +
  "face door road tree good long high last real best free sure full able hard late easy fast slow cold warm dark blue gray " +
  "tall rich poor deep wide safe true only just also even well much very such most some many more both each next past open " +
  "give take make come know want look find tell call feel show keep turn move play hold stay help talk walk wait read send " +
  "meet pass plan land rain wind snow fire moon star bird fish ship boat song food milk rice cake king farm hill lake wood " +
  "wall rock gold iron news post list type";

/** Characters of a word and the space after it. */
const WIDTH = 5;

/** Words cut out at a time. */
const PIECE_WORDS = 64;

/**
 * A prompt of exactly `words` words, separated by single spaces; the same for the same numbers.
 *
 * It begins with up to 128 different words in random order, so prompts part within their first few words and no prefix
 * cache can serve one from another; what follows are pieces of that order, each from a random place.
 * @param words 1 or more
 * @param index which prompt of the run, from 0; no two of a seed are drawn from the same random state
 */
export function toSyntheticPrompt(words: number, seed: number, index: number): string {
  const random = createRandom(createRandom(seed)() * 2 ** 32 + index);
  const beginning = sample(VOCABULARY.split(" "), words, random);
  const text = beginning.join(" ");
  const ring = `${text} ${text}`;
  const pieces = [text];
  for (let left = words - beginning.length; left > 0; left -= PIECE_WORDS) {
    const from = Math.floor(random() * beginning.length) * WIDTH;
    pieces.push(ring.slice(from, from + Math.min(left, PIECE_WORDS) * WIDTH - 1));
  }
  return pieces.join(" ");
}

/** Words of a block: as Mooncake's traces have them. */
export const BLOCK_WORDS = 512;

/** Keeps the random states of blocks apart from those of prompts and of groups. */
const FIRST_BLOCK = 2 ** 30;

/** The blocks one after the other, as far as the prompt goes; then words of its own. */
function joinBlocks(blocks: readonly number[], words: number, index: number, seed: number): string {
  const texts = blocks
    .slice(0, Math.ceil(words / BLOCK_WORDS))
    .map((block) => toSyntheticPrompt(BLOCK_WORDS, seed, FIRST_BLOCK + block));
  const left = words - texts.length * BLOCK_WORDS;
  if (left > 0) return [...texts, toSyntheticPrompt(left, seed, index)].join(" ");
  return texts.join(" ").slice(0, words * WIDTH - 1);
}

/**
 * The prompt as it is sent: what its group begins with, where it has one, a space, and words of its own.
 *
 * Groups count down from −1, where prompts count up from 0: no prefix is drawn from the random state of a prompt.
 */
export function toSyntheticText({ words, index, blocks, prefix }: SyntheticPrompt, seed: number): string {
  if (blocks !== undefined) return joinBlocks(blocks, words, index, seed);
  const own = toSyntheticPrompt(words, seed, index);
  return prefix === undefined ? own : `${toSyntheticPrompt(prefix.words, seed, -1 - prefix.group)} ${own}`;
}
