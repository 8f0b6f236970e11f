// The tokens that each answer should have: drawn from a distribution, or the length of the dataset's own answer.

import { parseDistribution, toLengthSampler } from "./distribution.ts";
import { createRandom } from "./random.ts";
import { mapTurns, type Row, type Turn, turnsOf } from "./row.ts";

/** Keeps the draws apart from those that pick rows by the same seed. */
const LENGTHS = 0x6f75746c;

/** Whether every answer has exactly the tokens that were asked for: then it is the limit that ends them all. */
export function hasExactLengths(
  { outputTokens, outputLength }: { outputTokens?: unknown; outputLength?: unknown },
  { trace }: { trace?: unknown },
): boolean {
  return outputLength === "exact" && (outputTokens !== undefined || trace !== undefined);
}

/** Whether the dataset says how long the answer is, or has the answer itself. */
export function hasAnswerLength({ answer, answerTokens }: Turn): boolean {
  return answer !== undefined || answerTokens !== undefined;
}

/** The turns up to the first of which the dataset has no answer. */
function answeredTurns(turns: readonly Turn[]): Turn[] {
  const end = turns.findIndex(({ answerTokens }) => answerTokens === undefined);
  return turns
    .slice(0, end < 0 ? turns.length : end)
    .map((turn) => ({ ...turn, outputTokens: Math.max(Math.round(turn.answerTokens as number), 1) }));
}

/**
 * The rows with `outputTokens` in each of their turns; unchanged where no length is asked for.
 * @returns fewer rows, and conversations with fewer turns, where an answer's length is the dataset's and it has none
 */
export function withOutputTokens(
  rows: readonly Row[],
  { outputTokens, seed }: { outputTokens?: string; seed: number },
): Row[] {
  if (outputTokens === undefined) return [...rows];
  if (outputTokens === "dataset") {
    return rows.flatMap((row) => {
      const [first, ...turns] = answeredTurns(turnsOf(row));
      if (first === undefined) return [];
      const { turns: _, ...alone } = first as Row;
      return turns.length === 0 ? alone : { ...alone, turns };
    });
  }
  const distribution = parseDistribution(outputTokens);
  if (distribution === undefined) throw new Error(`no distribution: ${outputTokens}`);
  const draw = toLengthSampler(distribution);
  const random = createRandom(seed ^ LENGTHS);
  return rows.map((row) => mapTurns(row, (turn) => ({ ...turn, outputTokens: draw(random) })));
}
