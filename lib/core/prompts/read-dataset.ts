// The text of a dataset file → the rows that a run uses: JSON lines, or one JSON array.

import { type Choice, type ChosenRows, chooseRows } from "./choose-rows.ts";
import { DatasetError } from "./dataset-error.ts";
import { type PromptFields, toPreparedRow } from "./prepared-row.ts";
import { finishRow, type ReadingForm, toForm } from "./reading-form.ts";
import type { Row } from "./row.ts";
import { describeFailures, type FilterCounts, type FilterLimits, type FilterRule } from "./row-filter.ts";
import { toShareGptRow } from "./sharegpt.ts";

export { DatasetError };

/** The forms that k6 reads without the runner; a file of one may have rows of the other. */
export type CoreFormat = "rows" | "sharegpt";

/** How many rows may precede the first that shows the format of a file. */
export const LEADING_ROWS = 16;

interface Keys {
  prompt?: unknown;
  style?: unknown;
  conversations?: unknown;
}

/**
 * A row from one value of a dataset file: a row of the prepared form, or a ShareGPT conversation.
 * @param number its place in the file, from 1
 * @param format of the file: one of ShareGPT may have entries without conversations
 * @returns the row, or the first rule of the filter that it fails
 * @throws DatasetError when the value is neither, or a field of the row is of the wrong type
 */
export function toRow(
  value: unknown,
  number: number,
  limits: FilterLimits & ReadingForm,
  format: CoreFormat = "rows",
): Row | FilterRule {
  const { prompt, style, conversations } = (value ?? {}) as Keys;
  if (typeof prompt !== "string") {
    const row = toShareGptRow(value, number, limits);
    if (row !== undefined) return row;
    const isNothing = typeof value === "object" && (conversations ?? null) === null;
    if (format === "sharegpt" && isNothing) return "oneTurn";
    throw new DatasetError(`row ${number} has neither a text \`prompt\` nor a list of \`conversations\``);
  }
  const row = toPreparedRow(value as PromptFields, number);
  if (style === "plain") return { ...toForm(row, limits), style };
  const isChat = row.task !== undefined || row.system !== undefined || row.before !== undefined;
  return finishRow(row, limits, isChat ? "chat" : undefined);
}

function parse(text: string, number: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new DatasetError(`row ${number} is malformed or cut off, it is not valid JSON`);
  }
}

/** Where the text string that opens at `quote` closes; the end of the text where it does not. */
function closingQuote(text: string, quote: number): number {
  let close = quote;
  for (;;) {
    close = text.indexOf('"', close + 1);
    if (close < 0) return text.length;
    let slashes = 0;
    while (text[close - 1 - slashes] === "\\") slashes++;
    if (slashes % 2 === 0) return close;
  }
}

/**
 * The elements of an array that is not valid as a whole, one by one up to the one that is at fault.
 *
 * Jumps from quote to quote: k6's engine takes a microsecond for each character that a script looks at, and restarts a
 * regular expression from the beginning of the text for each match.
 */
function* wholeElements(text: string): Generator<unknown> {
  let depth = 0;
  let number = 0;
  let rest = 1;
  for (let at = 0; at < text.length; at++) {
    const found = text.indexOf('"', at);
    const quote = found < 0 ? text.length : found;
    for (; at < quote; at++) {
      const character = text[at];
      if (character === "{" || character === "[") depth++;
      if ((character === "}" || character === "]") && --depth === 1) {
        yield parse(text.slice(rest, at + 1).replace(/^[\s,]+/, ""), ++number);
        rest = at + 1;
      }
    }
    at = closingQuote(text, quote);
  }
  parse("", number + 1);
}

/** The values of a file; those in lines are parsed at each use, which takes less memory than keeping them. */
interface FileValues {
  count: number;
  at: (index: number) => unknown;
}

/** @throws DatasetError for what is not valid JSON */
function toValues(text: string): FileValues {
  const start = text.search(/[^\s\uFEFF]/);
  if (start < 0) throw new DatasetError("it is empty");
  const content = start === 0 ? text : text.slice(start);
  if (!content.startsWith("[")) {
    const lines = content.split("\n").filter((line) => line.trim() !== "");
    lines.forEach((line, index) => {
      parse(line, index + 1);
    });
    return { count: lines.length, at: (index) => JSON.parse(lines[index] as string) };
  }
  let elements: unknown[];
  try {
    elements = JSON.parse(content) as unknown[];
  } catch {
    // Says which row is at fault.
    elements = [...wholeElements(content)];
  }
  return { count: elements.length, at: (index) => elements[index] };
}

/** The format that one of the first rows shows. */
function recogniseForm({ count, at }: FileValues): CoreFormat {
  for (let index = 0; index < Math.min(count, LEADING_ROWS); index++) {
    const { prompt, conversations } = (at(index) ?? {}) as Keys;
    if (prompt !== undefined) return "rows";
    if (conversations !== undefined) return "sharegpt";
  }
  return "rows";
}

/**
 * The rows that a run uses, from the text of a whole file: prepared rows or ShareGPT conversations, one a line or in
 * one array.
 * @param format default: that of the first rows
 * @throws DatasetError when the text is empty, a row is malformed, or no row passes the filter
 */
export function readDataset(
  text: string,
  limits: FilterLimits & ReadingForm,
  choice: Choice,
  format?: CoreFormat,
): ChosenRows {
  const values = toValues(text);
  const form = format ?? recogniseForm(values);
  const read = (index: number) => toRow(values.at(index), index + 1, limits, form);
  const chosen = chooseRows(values.count, read, choice);
  requireRows(chosen.rows.length, chosen.failures, limits);
  return chosen;
}

/** @throws DatasetError when no row passed: says how many failed which rule */
export function requireRows(passed: number, failures: FilterCounts, limits: FilterLimits): void {
  if (passed > 0) return;
  const why = describeFailures(failures, limits);
  throw new DatasetError(why === "" ? "it has no rows" : `no row passes the filter: ${why}`);
}
