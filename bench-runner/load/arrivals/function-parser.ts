// The text of an arrival function → its tree, or an error with its place.
import type { MatchResult } from "ohm-js";
import { formatNumber } from "../../../lib/core/units.ts";
import { EXIT } from "../../platform/exit-codes.ts";
import { UserError } from "../../platform/user-error.ts";
import { buildTree } from "./function-builder.ts";
import { EXPECTATIONS, getFunctionGrammar } from "./function-grammar.ts";
import { type Expression, functionMistake } from "./function-tree.ts";

const MOST_CHARACTERS = 1000;
/** Nested brackets; Node's stack holds the parser for at least twice this depth. */
const MOST_BRACKETS = 30;

/**
 * Reads `lambda t: 5*t if t < 60 else None`, or the same without `lambda t:`.
 * @throws UserError that shows the place, where the text is no such function, too long or too deep
 */
export function parseArrivalFunction(text: string): Expression {
  refuseUnreadable(text);
  const match = getFunctionGrammar().match(text);
  if (match.failed()) throw syntaxMistake(text, match);
  return buildTree(text, match);
}

function refuseUnreadable(text: string): void {
  if (text.trim() === "") {
    throw new UserError("`--arrivals-function` is empty. Use `5*t if t < 60 else None`.", EXIT.usage);
  }
  if (text.length > MOST_CHARACTERS) {
    const count = formatNumber(text.length, "count");
    throw new UserError(
      `\`--arrivals-function\` has ${count} characters, and may have ${formatNumber(MOST_CHARACTERS, "count")}. Use a shorter function.`,
      EXIT.usage,
    );
  }
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === ")") depth--;
    if (text[i] !== "(" || ++depth <= MOST_BRACKETS) continue;
    throw functionMistake(
      text,
      { start: i, end: i + 1 },
      ` has more than ${MOST_BRACKETS} nested brackets. Use fewer.`,
    );
  }
}

/** Common mistakes, mostly from other languages: the text around them, and what to write instead. */
const HINTS: readonly { before?: RegExp; after?: RegExp; hint: string }[] = [
  { before: /[\d)]\s*$/, after: /^[\p{L}(]/u, hint: "Write a product with `*`." },
  { after: /^=/, hint: "Compare with `==`." },
  { after: /^\^/, hint: "Write a power with `**`." },
  { after: /^&/, hint: "Write `and`." },
  { after: /^\|/, hint: "Write `or`." },
  { after: /^!/, hint: "Write `not`." },
  { after: /^\?/, hint: "Write `A if condition else B`." },
];

function syntaxMistake(text: string, match: MatchResult): UserError {
  const { position, expected } = findFailure(match);
  const before = text.slice(0, position);
  const after = text.slice(position);

  const last = /(?:[\p{L}\p{N}_.]+|\*\*|\/\/|[<>=!]=|\S)\s*$/u.exec(before)?.[0].trim();
  const next = /^(?:[\p{L}\p{N}_]+|.)/su.exec(after)?.[0] ?? "";
  const place = last === undefined ? "at the start" : `behind \`${last}\``;
  const sentence = `: expected ${toList(expected)} ${place}, got ${next === "" ? "the end" : `\`${next}\``}.`;
  return functionMistake(
    text,
    { start: position, end: position + next.length },
    [sentence, ...toHint(expected, before, after)].join(" "),
  );
}

function toHint(expected: readonly string[], before: string, after: string): string[] {
  if (expected.includes("an else")) return ["An `if` needs its `else`: `5*t if t < 60 else None`."];
  const found = HINTS.find((row) => (row.before?.test(before) ?? true) && (row.after?.test(after) ?? true));
  return found === undefined ? [] : [found.hint];
}

/** Where the parser failed, and the descriptions of what it would have accepted there. */
function findFailure(match: MatchResult): { position: number; expected: string[] } {
  // ohm's types leave out both the narrowing and this method, whose list has also what could have gone on, not only
  // what had to: without it "5t" would expect "the end".
  const failed = match as unknown as {
    getRightmostFailurePosition(): number;
    getRightmostFailures(): { getText(): string }[];
  };
  const texts = new Set(failed.getRightmostFailures().map((failure) => failure.getText()));
  return {
    position: failed.getRightmostFailurePosition(),
    expected: EXPECTATIONS.filter((description) => texts.has(description)),
  };
}

/** "a", "a or b", "a, b or c". */
function toList(items: readonly string[]): string {
  return [items.slice(0, -1).join(", "), ...items.slice(-1)].filter((part) => part !== "").join(" or ");
}
