// How many tokens each answer is to have: drawn from a distribution, or as many as the dataset's own answer had.
import { parseDistribution, toLengthSampler } from "./distribution.ts";
import type { LoadOptions } from "./options.ts";
import { createRandom } from "./random.ts";
import type { Row, Turn } from "./row.ts";

/** Keeps the draws apart from those that pick rows by the same seed. */
const LENGTHS = 0x6f75746c;

/** The turns up to the first of which the dataset has no answer. */
function answeredTurns(turns: readonly Turn[]): Turn[] {
  const end = turns.findIndex(({ answerTokens }) => answerTokens === undefined);
  return turns
    .slice(0, end < 0 ? turns.length : end)
    .map((turn) => ({ ...turn, outputTokens: Math.max(Math.round(turn.answerTokens as number), 1) }));
}

/**
 * The rows with `outputTokens` in each of their turns; as they are where nobody asks for a length.
 * @returns fewer rows, and conversations with fewer turns, where an answer's length is the dataset's and it has none
 */
export function withOutputTokens(
  rows: readonly Row[],
  { outputTokens, seed }: Pick<LoadOptions, "outputTokens" | "seed">,
): Row[] {
  if (outputTokens === undefined) return [...rows];
  if (outputTokens === "dataset") {
    return rows.flatMap((row) => {
      const [first, ...turns] = answeredTurns([row, ...(row.turns ?? [])]);
      if (first === undefined) return [];
      const { turns: _, ...alone } = first as Row;
      return turns.length === 0 ? alone : { ...alone, turns };
    });
  }
  const distribution = parseDistribution(outputTokens);
  if (distribution === undefined) throw new Error(`no distribution: ${outputTokens}`);
  const draw = toLengthSampler(distribution);
  const random = createRandom(seed ^ LENGTHS);
  return rows.map((row) => {
    const first = { ...row, outputTokens: draw(random) };
    if (row.turns === undefined) return first;
    return { ...first, turns: row.turns.map((turn) => ({ ...turn, outputTokens: draw(random) })) };
  });
}
