// THE table of dataset formats: how each is recognised, in which kinds of files it occurs, and how it reads a row.
import type { LoadOptions } from "../../../lib/core/options/options.ts";
import { DatasetError, toRow } from "../../../lib/core/prompts/read-dataset.ts";
import { finishRow, type ReadingForm } from "../../../lib/core/prompts/reading-form.ts";
import type { Row } from "../../../lib/core/prompts/row.ts";
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

/** JSON in one array, JSON in lines, CSV, Parquet, or lines that are prompts. */
export type FileKind = "array" | "lines" | "csv" | "parquet" | "text";

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
  /** The kinds in which it is recognised automatically; default: all its kinds. */
  recognisedIn?: readonly FileKind[];
}

const TABLES = ["lines", "array", "parquet", "csv"] as const;
const NESTED = ["lines", "array", "parquet"] as const;

/** The columns of the prepared form. */
const ROW_COLUMNS: readonly (keyof Row)[] = [
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
  "body",
  "style",
];

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
  // In JSON, a text named `instruction` or `input` may be half of a prompt: there it must be requested.
  column: { layout: toColumnLayout(PROMPT_COLUMNS), kinds: TABLES, recognisedIn: ["csv"] },
  text: { layout: toColumnLayout(["text"]), kinds: ["text"] },
};

export const FORMAT_NAMES = Object.keys(FORMATS) as DatasetFormat[];

const hasKeys = (value: unknown, keys: readonly string[]) =>
  typeof value === "object" && value !== null && keys.every((key) => key in value);

/** The format of a file of this kind, by its first row; undefined if it is none of them. */
export function recogniseFormat(kind: FileKind, firstRow: unknown): DatasetFormat | undefined {
  return FORMAT_NAMES.find((name) => {
    const { kinds, recognisedIn = kinds, layout } = FORMATS[name];
    return recognisedIn.includes(kind) && layout.marks.some((keys) => hasKeys(firstRow, keys));
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
 * A row of the prepared form from one value of a file.
 * @param number its place in the file, from 1
 * @returns the row, or the first rule by which it is left out
 * @throws DatasetError if the value is not in this format
 */
export function toDatasetRow(
  { format, layout }: KnownLayout,
  value: unknown,
  number: number,
  limits: FilterLimits & ReadingForm,
): Row | LeftOutRule {
  if (!("toContent" in layout)) return toRow(value, number, limits);
  const content = toContent(layout, format, value, number, limits);
  if (typeof content === "string") return content;
  return finishRow({ id: `${format}-${number}`, ...content }, limits, layout.template);
}
