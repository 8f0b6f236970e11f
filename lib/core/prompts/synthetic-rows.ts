// Rows of synthetic prompts of drawn lengths, in groups with a common prefix.

import { type Distribution, parseDistribution, toLengthSampler } from "./distribution.ts";
import { createRandom, type Random, sample } from "./random.ts";
import type { Row, SyntheticPrompt, Turn } from "./row.ts";

/** Distributions in their texts. */
export interface SyntheticOptions {
  promptTokens?: string;
  outputTokens?: string;
  prefixTokens?: number;
  prefixGroups: number;
  maxTurns: number;
  seed: number;
}

function need(text: string | undefined): Distribution {
  const distribution = parseDistribution(text ?? "");
  if (distribution === undefined) throw new Error(`Expected a distribution of lengths, got \`${text}\`.`);
  return distribution;
}

/** One group after the other, in runs that have each group once. */
function* drawGroups(groups: number, random: Random): Generator<number, never> {
  const all = Array.from({ length: groups }, (_, group) => group);
  for (;;) yield* sample(all, groups, random);
}

/**
 * `count` rows of as many turns as `maxTurns` says, the same for the same options.
 *
 * Lengths are words here; makeExact in bench-runner/tokens makes tokens of them. A first prompt's length has its prefix
 * in it, and one word more at least: shorter ones are raised to that. Each run of as many rows as there are groups has
 * each group once, in an order of its own. Later turns draw their own lengths and have no prefix. The first turns are
 * the same whatever `maxTurns` is, the lengths of prompts whatever those of answers are.
 * @param options distributions as texts; `outputTokens` of "dataset" counts as not given
 */
export function toSyntheticRows(options: SyntheticOptions, count: number): Row[] {
  const { prefixTokens, prefixGroups, outputTokens, maxTurns, seed } = options;
  // The complement: the seed's own numbers are those of the prompts' texts.
  const seeds = createRandom(~seed);
  const [promptRandom, outputRandom, groupRandom] = [seeds, seeds, seeds].map((next) =>
    createRandom(next() * 2 ** 32),
  ) as [Random, Random, Random];
  const drawPrompt = toLengthSampler(need(options.promptTokens));
  const isDrawn = outputTokens !== undefined && outputTokens !== "dataset";
  const drawOutput = isDrawn ? toLengthSampler(need(outputTokens)) : undefined;
  const groups = drawGroups(prefixGroups, groupRandom);

  const toSynthetic = (index: number): SyntheticPrompt => {
    const words = drawPrompt(promptRandom);
    if (prefixTokens === undefined || index >= count) return { words, index };
    const prefix = { words: prefixTokens, group: groups.next().value };
    return { words: Math.max(words - prefixTokens, 1), index, prefix };
  };
  const turns = Array.from({ length: count * maxTurns }, (_, index): Turn => {
    const synthetic = toSynthetic(index);
    return { prompt: "", synthetic, ...(drawOutput && { outputTokens: drawOutput(outputRandom) }) };
  });
  return turns.slice(0, count).map((first, row) => {
    const later = Array.from({ length: maxTurns - 1 }, (_, turn) => turns[row + (turn + 1) * count] as Turn);
    return { id: `synthetic-${row}`, ...first, ...(later.length > 0 && { turns: later }) };
  });
}
