// The layouts of public request traces, one row each: their columns, and the form of their times.
import { EXIT } from "../../platform/exit-codes.ts";
import { UserError } from "../../platform/user-error.ts";
import type { TimeForm } from "./arrival-time.ts";
import type { TraceValues } from "./trace-rows.ts";

interface TraceLayout {
  /** The form of `timestamp`, which all of them have. */
  time: TimeForm;
  /** Columns of the prompt's and the answer's length in tokens; the first pair that the file has is used. */
  lengths: readonly (readonly [prompt: string, output: string])[];
  /** A further column that distinguishes the layout from another with the same ones; not needed if the layout is forced. */
  mark?: string;
}

export const TIME_COLUMN = "timestamp";

/** Tried in this order. Names are in lower case, as the reader of CSV gives them. */
export const TRACE_FORMATS = {
  mooncake: { time: "milliseconds", lengths: [["input_length", "output_length"]], mark: "hash_ids" },
  azure: { time: "date", lengths: [["contexttokens", "generatedtokens"]] },
  burstgpt: { time: "seconds", lengths: [["request tokens", "response tokens"]] },
  plain: {
    time: "seconds",
    lengths: [
      ["input_length", "output_length"],
      ["prompt_tokens", "completion_tokens"],
    ],
  },
} as const satisfies Readonly<Record<string, TraceLayout>>;

export type TraceFormat = keyof typeof TRACE_FORMATS;

/** The columns of a file's rows, and how to read them. */
export interface TraceColumns {
  format: TraceFormat;
  time: TimeForm;
  prompt: string;
  output: string;
}

const listNames = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(", ");

/** "`plain` (`timestamp`, `input_length`, `output_length`; or `timestamp`, …)" */
function describeFormat(format: TraceFormat): string {
  const { lengths, mark }: TraceLayout = TRACE_FORMATS[format];
  const choices = lengths.map((pair) =>
    listNames([TIME_COLUMN, ...pair, ...(mark === undefined ? [] : [mark])]),
  );
  return `\`${format}\` (${choices.join("; or ")})`;
}

/**
 * The layout of a file, by the columns or keys of its first row.
 * @param forced the layout that the user named, which needs no mark
 * @throws UserError if it is none of them, or not the forced one; lists the expected columns
 */
export function chooseColumns(path: string, firstRow: TraceValues, forced?: TraceFormat): TraceColumns {
  const formats = forced === undefined ? (Object.keys(TRACE_FORMATS) as TraceFormat[]) : [forced];
  for (const format of formats) {
    const { time, lengths, mark }: TraceLayout = TRACE_FORMATS[format];
    const marked = forced !== undefined || mark === undefined || mark in firstRow;
    const pair = lengths.find((names) => [TIME_COLUMN, ...names].every((name) => name in firstRow));
    if (marked && pair !== undefined) return { format, time, prompt: pair[0], output: pair[1] };
  }
  const found = listNames(Object.keys(firstRow).slice(0, 12)) || "nothing";
  const wanted = formats.map(describeFormat).join(", ");
  throw new UserError(
    forced === undefined
      ? `Trace ${path} has no known layout: its first row has ${found}; looked for ${wanted}. Rename its columns to those of \`plain\`, times in seconds.`
      : `Trace ${path} is not in the layout of \`--trace-format ${forced}\`: its first row has ${found}; looked for ${wanted}. Leave the flag out to have the layout recognised.`,
    EXIT.usage,
  );
}
