// A layout of published datasets: how its rows are recognised, and how one becomes a prompt.
import type { ReadingForm } from "../../../lib/core/prompts/reading-form.ts";
import type { Row } from "../../../lib/core/prompts/row.ts";
import {
  describeFailures,
  type FilterLimits,
  type FilterRule,
} from "../../../lib/core/prompts/row-filter.ts";
import type { Template } from "../../../lib/core/prompts/templates.ts";

/** By key or column. */
export type Values = Readonly<Record<string, unknown>>;

/** Why a row has no prompt, as the text after "3 had". */
const NO_PROMPT = {
  noUser: "no user message",
  reply: "a parent: replies are not prompts",
  brokenCharacter: "a broken character in its prompt",
} as const;

/** A row that is wrong; the message follows "row 3: ". */
export class RowFault extends Error {}

/** A row as a layout reads it, with all turns and answers of the dataset. */
export type RowParts = Omit<Row, "id">;

export type LeftOutRule = FilterRule | keyof typeof NO_PROMPT;
export type LeftOutCounts = Partial<Record<LeftOutRule, number>>;

export interface Layout {
  /** In words, after "expected". */
  shape: string;
  /** Sets of keys: a first row that has all of one is in this layout. */
  marks: readonly (readonly string[])[];
  /** What `toContent` reads: nothing else of a Parquet file is read. */
  columns: readonly string[];
  /** How the text of a row becomes a prompt; absent: the text is the prompt. */
  template?: Template;
  /**
   * The row without its id, its text as the prompt, or why it has none; undefined for values that are not in this layout.
   * Throws a RowFault for those that are, but are wrong.
   */
  toContent: (values: Values, form: ReadingForm) => RowParts | keyof typeof NO_PROMPT | undefined;
}

/** "78 had a parent, 3 had …": how many rows were left out by which rule; empty if none. */
export function describeLeftOut(counts: LeftOutCounts, limits: FilterLimits): string {
  const { noUser, reply, brokenCharacter, ...failures } = counts;
  const own = Object.entries({ noUser, reply, brokenCharacter }).flatMap(([rule, count]) =>
    count === undefined ? [] : [`${count} had ${NO_PROMPT[rule as keyof typeof NO_PROMPT]}`],
  );
  return [...own, describeFailures(failures, limits)].filter((text) => text !== "").join(", ");
}
