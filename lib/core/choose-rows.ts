// Which of the rows that passed the filter a run uses: so many by seed, or the first ones.
import { createRandom, sample } from "./random.ts";

export interface Choice {
  nPrompts: number;
  order: "random" | "sequential";
  seed: number;
}

/** `nPrompts` of the rows, or all of them where there are fewer; "random" also shuffles them. */
export function chooseRows<T>(rows: readonly T[], choice: Choice): T[] {
  if (choice.order === "sequential") return rows.slice(0, choice.nPrompts);
  return sample(rows, choice.nPrompts, createRandom(choice.seed));
}
