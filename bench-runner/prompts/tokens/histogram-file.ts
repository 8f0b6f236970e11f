// Files with histograms of lengths: each row is a length or a range, and its weight.
import { readFile } from "node:fs/promises";
import { LOAD_OPTIONS, type LoadOptions } from "../../../lib/core/options/options.ts";
import {
  type Bin,
  histogramFile,
  parseBin,
  toHistogramText,
} from "../../../lib/core/prompts/distribution.ts";
import { EXIT } from "../../platform/exit-codes.ts";
import { systemReason, UserError } from "../../platform/user-error.ts";

/** An option's text goes through an environment variable, which Linux limits to 128 KiB. */
const MOST_CHARACTERS = 100_000;

const EXPECTED = "expected a whole number or a range, and a weight, as in `128,5` or `256-512,1`";

interface Line {
  info: { lines: number };
  record: string[];
}

async function readLines(path: string, text: string): Promise<Line[]> {
  const { CsvError, parse } = await import("csv-parse/sync");
  const delimiter = [",", ";", "\t", " "];
  try {
    // A space after a comma is not a column of its own: `trim`, and empty columns are left out below.
    return parse(text, {
      bom: true,
      comment: "#",
      delimiter,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    }) as unknown as Line[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new UserError(
      `Histogram ${path}, line ${error.lines}: the quotes are not closed. Correct the line.`,
      EXIT.usage,
    );
  }
}

/**
 * The bins of a file of rows `length,weight` or `low-high,weight`; its first row may name the columns, `#` begins a
 * comment.
 * @throws UserError if it cannot be read or a line is malformed; names the line
 */
export async function readHistogram(path: string): Promise<Bin[]> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    throw new UserError(
      `Histogram ${path} cannot be read: ${systemReason(error)}. Check \`histogram:FILE\`.`,
      EXIT.usage,
    );
  }
  const bins: Bin[] = [];
  let isFirst = true;
  for (const { info, record } of await readLines(path, text)) {
    const cells = record.filter((cell) => cell !== "");
    const isHeader = isFirst && cells.length >= 2 && cells.every((cell) => /^[^\d.+-]/.test(cell));
    isFirst = false;
    if (cells.length === 0 || isHeader) continue;
    const bin = cells.length === 2 ? parseBin(cells.join("=")) : undefined;
    if (bin === undefined) {
      throw new UserError(
        `Histogram ${path}, line ${info.lines}: ${EXPECTED}, got \`${record.join(",").slice(0, 80)}\`. Correct the line, or remove it.`,
        EXIT.usage,
      );
    }
    bins.push(bin);
  }
  if (!bins.some(({ weight }) => weight > 0)) {
    const what = bins.length === 0 ? "has no rows" : "has no weight above 0";
    throw new UserError(`Histogram ${path} ${what}: ${EXPECTED}.`, EXIT.usage);
  }
  return bins;
}

/**
 * The options with `histogram:FILE` replaced by the content of the file, so that a k6 client needs no file.
 * @throws UserError of readHistogram, and if the histogram is too long for an option
 */
export async function withHistograms<T extends Partial<LoadOptions>>(load: T): Promise<T> {
  const replaced: { -readonly [K in keyof LoadOptions]?: LoadOptions[K] } = {};
  for (const key of ["promptTokens", "outputTokens", "thinkTime"] as const) {
    const path = histogramFile(load[key] ?? "");
    if (path === undefined) continue;
    const text = toHistogramText(await readHistogram(path));
    if (text.length > MOST_CHARACTERS) {
      throw new UserError(
        `Histogram ${path} (\`--${LOAD_OPTIONS[key].flag}\`) is too long: ${text.length} characters, at most ${MOST_CHARACTERS}. Put lengths together in ranges such as \`256-511,7\`.`,
        EXIT.usage,
      );
    }
    replaced[key] = text;
  }
  return { ...load, ...replaced };
}
