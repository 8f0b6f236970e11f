// Which rows of a dataset a run would take: by the filter, which counts words, then by the limits in tokens.
import type { Row } from "../../../../lib/core/prompts/row.ts";
import { type ChosenPrompts, judgeByTokens, type TokenLimits } from "../../choose-prompts.ts";
import type { TokenCounter } from "../../tokens/token-counter.ts";
import type { LeftOutCounts, LeftOutRule } from "../layout.ts";

/** Characters counted at a time. */
const BATCH_CHARACTERS = 1 << 20;

/** Counts rows in batches; the counts are whole after `finish`. */
export class UsableRows {
  readonly #limits: TokenLimits;
  readonly #counter: TokenCounter;
  used = 0;
  /** How many the filter leaves out by which rule. */
  readonly leftOut: LeftOutCounts = {};
  /** How many of those that pass it are over a limit in tokens. */
  readonly tooLong: ChosenPrompts["tooLong"] = {};
  #batch: Row[] = [];
  #characters = 0;

  constructor(limits: TokenLimits, counter: TokenCounter) {
    this.#limits = limits;
    this.#counter = counter;
  }

  /** @param found what a run with the limits makes of a value of the file */
  async add(found: Row | LeftOutRule): Promise<void> {
    if (typeof found === "string") {
      this.leftOut[found] = (this.leftOut[found] ?? 0) + 1;
      return;
    }
    this.#batch.push(found);
    this.#characters += found.prompt.length;
    if (this.#characters >= BATCH_CHARACTERS) await this.finish();
  }

  /** Counts what was added since the last call. */
  async finish(): Promise<void> {
    const batch = this.#batch;
    this.#batch = [];
    this.#characters = 0;
    if (batch.length === 0) return;
    for (const judged of await judgeByTokens(batch, this.#limits, this.#counter)) {
      if (typeof judged === "string") this.tooLong[judged] = (this.tooLong[judged] ?? 0) + 1;
      else this.used++;
    }
  }
}
