// The tree of an arrival function, and how a mistake in it is shown.
import { EXIT } from "../../platform/exit-codes.ts";
import { UserError } from "../../platform/user-error.ts";
import type { Arithmetic, Comparison, FunctionName } from "./function-names.ts";

/** Part of the text: from character `start` to before `end`, in UTF-16 units. */
export interface Span {
  start: number;
  end: number;
}

/** Each with its place in the text. Numbers, booleans (1 and 0) and None (null) are constants. */
export type FunctionNode = { span: Span } & (
  | { kind: "constant"; value: number | null }
  | { kind: "variable" }
  | { kind: "sign"; negative: boolean; operand: FunctionNode }
  | { kind: "arithmetic"; operator: Arithmetic; left: FunctionNode; right: FunctionNode }
  /** `first < a <= b`: each operand is compared with the one before it. */
  | { kind: "comparison"; first: FunctionNode; rest: { operator: Comparison; operand: FunctionNode }[] }
  | { kind: "not"; operand: FunctionNode }
  | { kind: "and" | "or"; left: FunctionNode; right: FunctionNode }
  | { kind: "choice"; condition: FunctionNode; yes: FunctionNode; no: FunctionNode }
  | { kind: "call"; name: FunctionName; operands: FunctionNode[] }
);

/** An arrival function as it was read. */
export interface Expression {
  text: string;
  /** Name of the variable, the seconds since the start: `t`, or the lambda's parameter. */
  variable: string;
  tree: FunctionNode;
}

/** Columns of a function that are shown: longer ones are cut around the place. */
const WIDTH = 100;

/** @param sentence the text after the flag: ": expected …", " divides by …" */
export function functionMistake(text: string, span: Span, sentence: string): UserError {
  return new UserError(`\`--arrivals-function\`${sentence}\n${toExcerpt(text, span)}`, EXIT.usage);
}

/** The text on one line and carets under the span on a second one, both indented by two spaces. */
function toExcerpt(text: string, span: Span): string {
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
