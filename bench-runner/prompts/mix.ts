// A mixed load: weighted parts, each with one task. Pure.
import { OptionError } from "../../lib/core/option-error.ts";
import { createRandom, sample } from "../../lib/core/prompts/random.ts";

export interface MixPart {
  task: string;
  weight: number;
  /** Its own dataset; absent: the rows of that task in the run's dataset. */
  dataset?: string;
}

const PART = /^([^=:]+)(?:=(\d+(?:\.\d+)?))?(?::(.+))?$/;

/** @param texts "chat=3", "code=1:humaneval.jsonl", "chat" @throws OptionError for a malformed text */
export function parseMix(texts: readonly string[]): MixPart[] {
  const parts = texts.map((text): MixPart => {
    const [, task, weight = "1", dataset] = PART.exec(text.trim()) ?? [];
    if (task === undefined || Number(weight) <= 0) {
      throw new OptionError(
        `\`--mix\` (SERVER_BENCH_MIX): expected a task with a weight above 0, such as \`chat=3\` or \`code=1:humaneval.jsonl\`, got \`${text}\`.`,
      );
    }
    return { task: task.trim(), weight: Number(weight), ...(dataset !== undefined && { dataset }) };
  });
  const twice = parts.find(({ task }, index) => parts.findIndex((part) => part.task === task) < index);
  if (twice === undefined) return parts;
  throw new OptionError(
    `\`--mix\` (SERVER_BENCH_MIX): \`${twice.task}\` appears twice. Give each task one weight.`,
  );
}

/** How many of `count` each part gets: its share, rounded by the largest remainders, so that they add up. */
export function toShares(parts: readonly MixPart[], count: number): number[] {
  const sum = parts.reduce((total, { weight }) => total + weight, 0);
  const exact = parts.map(({ weight }) => (weight / sum) * count);
  const shares = exact.map(Math.floor);
  const missing = count - shares.reduce((total, share) => total + share, 0);
  const byRemainder = exact.map((value, index) => [value % 1, index] as const).sort(([a], [b]) => b - a);
  for (const [, index] of byRemainder.slice(0, missing)) shares[index] = (shares[index] as number) + 1;
  return shares;
}

/** The largest number of rows, up to `count`, of which every part has its share without sending a row twice. */
export function largestWithoutRepeats(
  parts: readonly MixPart[],
  available: readonly number[],
  count: number,
): number {
  let total = Math.min(
    count,
    available.reduce((sum, rows) => sum + rows, 0),
  );
  // Step by step: shares by largest remainders may shrink when the total grows.
  while (toShares(parts, total).some((share, index) => share > (available[index] as number))) total--;
  return total;
}

/**
 * One list of all parts' rows. In `sequential` order each beginning of it has the parts in their shares, as nearly as
 * whole rows can; otherwise it is shuffled by the seed.
 */
export function mixRows<T>(
  lists: readonly (readonly T[])[],
  { order, seed }: { order: "random" | "sequential"; seed: number },
): T[] {
  const placed = lists.flatMap((list) =>
    list.map((row, index) => ({ row, place: (index + 0.5) / list.length })),
  );
  if (order === "random") {
    const rows = placed.map(({ row }) => row);
    return sample(rows, rows.length, createRandom(seed));
  }
  return placed.sort((a, b) => a.place - b.place).map(({ row }) => row);
}
