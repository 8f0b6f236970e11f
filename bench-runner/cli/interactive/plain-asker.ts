// Questions as numbered lists and lines, for a terminal that cannot move its cursor, and for screen readers.
import { createInterface } from "node:readline/promises";
import { type Asker, type Choice, Left, type Line } from "./asker.ts";
import type { AskerStreams } from "./clack-asker.ts";

/** @returns the index that a number, counted from 1, means; nothing is the first; undefined for anything else. Pure. */
export function toIndex(text: string, count: number): number | undefined {
  const typed = text.trim();
  if (typed === "") return 0;
  const index = /^\d+$/.test(typed) ? Number(typed) - 1 : -1;
  return index >= 0 && index < count ? index : undefined;
}

export function openPlainAsker({ input, output, signal }: AskerStreams): Asker {
  // The terminal itself edits the line and shows what is typed, and Ctrl-C is a signal as everywhere.
  const lines = createInterface({ input, output, terminal: false });
  const ended = new AbortController();
  lines.on("close", () => ended.abort());
  const until = AbortSignal.any([signal, ended.signal]);
  const say = (text: string) => void output.write(`${text}\n`);
  const ask = async (question: string): Promise<string> => {
    try {
      return await lines.question(question, { signal: until });
    } catch (error) {
      if (!until.aborted) throw error;
      throw new Left();
    }
  };
  return {
    async choose<T>(question: string, choices: readonly Choice<T>[]): Promise<T> {
      say(`\n${question}`);
      for (const [index, { label, hint }] of choices.entries()) {
        say(`  ${index + 1}  ${label}${hint === undefined ? "" : ` (${hint})`}`);
      }
      for (;;) {
        const index = toIndex(await ask(`1 to ${choices.length} [1]: `), choices.length);
        if (index !== undefined) return (choices[index] as Choice<T>).value;
        say(`Expected a number from 1 to ${choices.length}.`);
      }
    },
    async type(question: string, { fallback, check }: Line): Promise<string> {
      for (;;) {
        const typed = (await ask(`\n${question}${fallback === undefined ? "" : ` [${fallback}]`}: `)).trim();
        const answer = typed === "" ? (fallback ?? "") : typed;
        const problem = check(answer);
        if (problem === undefined) return answer;
        say(problem);
      }
    },
    show: (heading, shown) => say(["", heading, ...shown.map((line) => `  ${line}`)].join("\n")),
    say,
    offer: (heading, command) => say(`\n${heading}\n\n${command}`),
    close: () => lines.close(),
  };
}
