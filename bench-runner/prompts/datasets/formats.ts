// THE table of dataset formats: how each is recognised, in which kinds of files it occurs, and how it reads a row.
import type { LoadOptions } from "../../../lib/core/options/options.ts";
import { notedAnswerTokens, notedMaxTokens } from "../../../lib/core/prompts/answer-length.ts";
import { type CoreFormat, DatasetError, toRow } from "../../../lib/core/prompts/read-dataset.ts";
import { finishRow, type ReadingForm } from "../../../lib/core/prompts/reading-form.ts";
import { type Row, turnsOf } from "../../../lib/core/prompts/row.ts";
import type { FilterLimits } from "../../../lib/core/prompts/row-filter.ts";
import { type Layout, type LeftOutRule, RowFault, type Values } from "./layout.ts";
import { arenaLayout } from "./layouts/arena.ts";
import { cnnDailymailLayout } from "./layouts/cnn-dailymail.ts";
import { humanevalLayout } from "./layouts/humaneval.ts";
import { messagesLayout } from "./layouts/messages.ts";
import { oasst1Layout } from "./layouts/oasst1.ts";
import { PROMPT_COLUMNS, toColumnLayout } from "./layouts/prompt-column.ts";
import { samplesLayout } from "./layouts/samples.ts";
import { triviaQaLayout } from "./layouts/trivia-qa.ts";

export type DatasetFormat = NonNullable<LoadOptions["datasetFormat"]>;

/** JSON in one array, JSON in lines, columns separated by commas or by tabs, Parquet, or lines that are prompts. */
export type FileKind = "array" | "lines" | "csv" | "tsv" | "parquet" | "text";

/** Read by lib/core, which also takes files of these two forms without the runner. */
type CoreLayout = Omit<Layout, "toContent">;

/** The format of a file, and its layout, which a column that the user names may change. */
export interface KnownLayout {
  format: DatasetFormat;
  layout: Layout | CoreLayout;
}

interface Format {
  layout: Layout | CoreLayout;
  kinds: readonly FileKind[];
  /** What recognises it in files of a kind, where that is not the marks of its layout. */
  marksIn?: Partial<Record<FileKind, Layout["marks"]>>;
}

const TABLES = ["lines", "array", "parquet", "csv", "tsv"] as const;
const NESTED = ["lines", "array", "parquet"] as const;

/** The columns of the prepared form. */
const ROW_COLUMNS: readonly string[] = [
  "id",
  "task",
  "prompt",
  "answer",
  "answerTokens",
  "promptTokens",
  "outputTokens",
  "synthetic",
  "system",
  "before",
  "content",
  "turns",
  "maxTokens",
  "max_completion_tokens",
  "max_tokens",
  "body",
  "style",
];

/** In JSON, a text named `instruction` or `input` may be half of a prompt: there its column must be named. */
const QUESTION_MARKS = [["question"], ["text"]] as const;

/** Tried in this order: of two that match a row, the one with the more specific keys comes first. */
export const FORMATS: Readonly<Record<DatasetFormat, Format>> = {
  samples: { layout: samplesLayout, kinds: ["array"] },
  messages: { layout: messagesLayout, kinds: NESTED },
  sharegpt: {
    layout: {
      shape: '`{"conversations": [{"from": "human", "value": "…"}, …]}`',
      marks: [["conversations"]],
      columns: ["conversations"],
    },
    kinds: NESTED,
  },
  arena: { layout: arenaLayout, kinds: NESTED },
  oasst1: { layout: oasst1Layout, kinds: TABLES },
  cnn_dailymail: { layout: cnnDailymailLayout, kinds: TABLES },
  trivia_qa: { layout: triviaQaLayout, kinds: TABLES },
  humaneval: { layout: humanevalLayout, kinds: TABLES },
  rows: {
    layout: {
      shape: '`{"prompt": "…"}`',
      marks: [["prompt"]],
      columns: ROW_COLUMNS,
    },
    kinds: NESTED,
  },
  column: {
    layout: toColumnLayout(PROMPT_COLUMNS),
    kinds: TABLES,
    marksIn: { lines: QUESTION_MARKS, array: QUESTION_MARKS, parquet: QUESTION_MARKS },
  },
  text: { layout: toColumnLayout(["text"]), kinds: ["text"] },
};

export const FORMAT_NAMES = Object.keys(FORMATS) as DatasetFormat[];

const hasKeys = (value: unknown, keys: readonly string[]) =>
  typeof value === "object" && value !== null && keys.every((key) => key in value);

/** The format of a file of this kind, by one of its first rows; undefined if the row is in none of them. */
export function recogniseFormat(kind: FileKind, row: unknown): DatasetFormat | undefined {
  return FORMAT_NAMES.find((name) => {
    const { kinds, layout, marksIn } = FORMATS[name];
    const marks = marksIn?.[kind] ?? layout.marks;
    return kinds.includes(kind) && marks.some((keys) => hasKeys(row, keys));
  });
}

/** @throws DatasetError if the value is not in the layout's form */
function toContent(layout: Layout, format: DatasetFormat, value: unknown, number: number, form: ReadingForm) {
  try {
    const content =
      typeof value === "object" && value !== null ? layout.toContent(value as Values, form) : undefined;
    if (content !== undefined) return content;
  } catch (error) {
    throw error instanceof RowFault ? new DatasetError(`row ${number}: ${error.message}`) : error;
  }
  throw new DatasetError(`row ${number} is not in the format \`${format}\`: expected ${layout.shape}`);
}

/**
 * Whether all characters are whole: in JSON a lone `"\\ud83d"` is half of one; one that could not be read (in Parquet bytes
 * that are not UTF-8) has been replaced by U+FFFD. A server would get a different text than that of the dataset.
 */
const isWhole = (row: Row) =>
  turnsOf(row).every(({ prompt }) => prompt.isWellFormed() && !prompt.includes("\uFFFD"));

/**
 * A row as a run uses it, from one value of a file.
 * @param number its place in the file, from 1
 * @returns the row, or the first rule by which it is left out
 * @throws DatasetError if the value is not in this format
 */
export function toDatasetRow(
  known: KnownLayout,
  value: unknown,
  number: number,
  limits: FilterLimits & ReadingForm,
): Row | LeftOutRule {
  const found = toFilteredRow(known, value, number, limits);
  return typeof found === "object" && !isWhole(found) ? "brokenCharacter" : found;
}

function toFilteredRow(
  { format, layout }: KnownLayout,
  value: unknown,
  number: number,
  limits: FilterLimits & ReadingForm,
): Row | LeftOutRule {
  if (!("toContent" in layout)) return toRow(value, number, limits, format as CoreFormat);
  const content = toContent(layout, format, value, number, limits);
  if (typeof content === "string") return content;
  const place = `row ${number}`;
  const { answerTokens = notedAnswerTokens(value as Values, place) } = content;
  const { maxTokens = notedMaxTokens(value as Values, place) } = content;
  const row = {
    id: `${format}-${number}`,
    ...content,
    ...(answerTokens !== undefined && { answerTokens }),
    ...(maxTokens !== undefined && { maxTokens }),
  };
  return finishRow(row, limits, layout.template);
}
