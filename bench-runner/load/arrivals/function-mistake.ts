// A mistake in an arrival function, shown as Python shows it: a sentence, the function, carets under the place.
import { EXIT } from "../../platform/exit-codes.ts";
import { UserError } from "../../platform/user-error.ts";
import type { Span } from "./function-tree.ts";

/** Columns of a function that are shown: longer ones are cut around the place. */
const WIDTH = 100;

/** @param sentence what follows the flag: ": expected …", " divides by …" */
export function functionMistake(text: string, span: Span, sentence: string): UserError {
  return new UserError(`\`--arrivals-function\`${sentence}\n${toExcerpt(text, span)}`, EXIT.usage);
}

/** The text on one line and carets under the span on a second one, both indented by two spaces. */
export function toExcerpt(text: string, span: Span): string {
  // Each control character becomes one space: a tab or a line break would move the carets.
  const shown = text.replace(/[\p{Cc}\u2028\u2029]/gu, " ");
  const characters = [...shown];
  const column = [...shown.slice(0, span.start)].length;
  const length = [...shown.slice(span.start, span.end)].length;

  const from = Math.max(0, Math.min(column - WIDTH / 2, characters.length - WIDTH));
  const visible = characters.slice(from, from + WIDTH);
  if (from > 0) visible[0] = "…";
  if (from + WIDTH < characters.length) visible[WIDTH - 1] = "…";

  const carets = "^".repeat(Math.max(1, Math.min(length, WIDTH - (column - from))));
  return `  ${visible.join("")}\n  ${" ".repeat(column - from)}${carets}`;
}
