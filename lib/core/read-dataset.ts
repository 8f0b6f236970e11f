// The text of a dataset file → the rows that pass the filter: JSON lines, or one JSON array.
import type { Row } from "./row.ts";
import {
  describeFailures,
  type FilterCounts,
  type FilterLimits,
  type FilterRule,
  failedRule,
} from "./row-filter.ts";
import { toShareGptRow } from "./sharegpt.ts";

export interface DatasetRows {
  /** Each row that passed as one compact JSON text, in the file's order: a fraction of the memory of its object. */
  rows: string[];
  failures: FilterCounts;
}

/** The message says what is wrong with which row of the file. */
export class DatasetError extends Error {}

/**
 * A row from one value of a dataset file: a row of the prepared form, or a ShareGPT conversation.
 * @param number its place in the file, from 1
 * @returns the row, or the first rule of the filter that it fails
 * @throws DatasetError when the value is neither
 */
export function toRow(value: unknown, number: number, limits: FilterLimits): Row | FilterRule {
  const { id, task, prompt, answerTokens } = (value ?? {}) as { [K in keyof Row]?: unknown };
  if (typeof prompt !== "string") {
    const row = toShareGptRow(value, number, limits);
    if (row !== undefined) return row;
    throw new DatasetError(`row ${number} has neither a text \`prompt\` nor a list of \`conversations\``);
  }
  const row: Row = { id: typeof id === "string" ? id : `row-${number}`, prompt };
  if (typeof task === "string") row.task = task;
  if (typeof answerTokens === "number") row.answerTokens = answerTokens;
  return failedRule(row, limits) ?? row;
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

/** The values of the file; lazily, so that what is wrong with a row is said before what is wrong with a later one. */
function* toValues(text: string): Generator<unknown> {
  const start = text.search(/[^\s\uFEFF]/);
  if (start < 0) throw new DatasetError("it is empty");
  const content = start === 0 ? text : text.slice(start);
  if (!content.startsWith("[")) {
    let number = 0;
    for (const line of content.split("\n")) if (line.trim() !== "") yield parse(line, ++number);
    return;
  }
  let elements: unknown[] | undefined;
  try {
    elements = JSON.parse(content) as unknown[];
  } catch {
    // Said below, with the row.
  }
  yield* elements ?? wholeElements(content);
}

/**
 * @param text a whole file: prepared rows or ShareGPT conversations, one a line or in one array
 * @throws DatasetError when the text is empty, a row is malformed, or no row passes the filter
 */
export function readDataset(text: string, limits: FilterLimits): DatasetRows {
  const rows: string[] = [];
  const failures: FilterCounts = {};
  let number = 0;
  for (const value of toValues(text)) {
    const row = toRow(value, ++number, limits);
    if (typeof row === "string") failures[row] = (failures[row] ?? 0) + 1;
    else rows.push(JSON.stringify(row));
  }
  requireRows(rows.length, failures, limits);
  return { rows, failures };
}

/** @throws DatasetError when no row passed: says how many failed which rule */
export function requireRows(passed: number, failures: FilterCounts, limits: FilterLimits): void {
  if (passed > 0) return;
  const why = describeFailures(failures, limits);
  throw new DatasetError(why === "" ? "it has no rows" : `no row passes the filter: ${why}`);
}
