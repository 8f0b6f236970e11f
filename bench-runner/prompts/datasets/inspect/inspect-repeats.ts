// Which prompts repeat an earlier one; a few bytes for each prompt are kept, not the prompt.
import { toFingerprint } from "../fingerprint.ts";

export interface RepeatSummary {
  /** Rows whose prompt is that of an earlier row. */
  rows: number;
  /** The first of them; absent where there is none. */
  example?: { row: number; ofRow: number; prompt: string };
}

export class Repeats {
  /** Row of the first such prompt, by its fingerprint. */
  readonly #rowOf = new Map<number, number>();
  #rows = 0;
  #example: RepeatSummary["example"];

  /** @param shorten what the example shows of the prompt */
  add(row: number, prompt: string, shorten: (text: string) => string): void {
    const fingerprint = toFingerprint(prompt);
    const ofRow = this.#rowOf.get(fingerprint);
    if (ofRow === undefined) {
      this.#rowOf.set(fingerprint, row);
      return;
    }
    this.#rows++;
    this.#example ??= { row, ofRow, prompt: shorten(prompt) };
  }

  summarize(): RepeatSummary {
    return { rows: this.#rows, ...(this.#example !== undefined && { example: this.#example }) };
  }
}
