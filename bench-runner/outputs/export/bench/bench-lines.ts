// The raw files of the layout `bench-jsonl`: a line for each request, written from a journal and read back.
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { systemReason, UserError } from "../../../platform/user-error.ts";
import { toFields } from "../layout-field.ts";
import { isJudged, type RecordView } from "../record-view.ts";
import type { PromptOf } from "../row-prompts.ts";
import { BENCH_JSONL_FIELDS } from "./bench-fields.ts";
import type { BenchNames } from "./bench-names.ts";

/** What a summary needs of a line. Lines of other tools that write the same layout lack the last four. */
export interface BenchLine {
  model?: string;
  /** Seconds. */
  ttft?: number;
  total_time?: number;
  tokens_per_sec?: number;
  success?: boolean;
  target?: string;
  workload?: string;
  run?: string;
  warnings?: readonly string[];
}

/**
 * A line for each measured request that succeeded or failed, in the journal's order.
 * @param warnings of the run; the first line has them
 */
export async function* toBenchLines(
  records: AsyncIterable<RecordView>,
  names: BenchNames,
  promptOf: PromptOf,
  warnings: readonly string[] = [],
): AsyncGenerator<BenchLine> {
  let first = warnings.length > 0 ? warnings : undefined;
  for await (const record of records) {
    if (!isJudged(record)) continue;
    yield toFields(BENCH_JSONL_FIELDS, { record, names, prompt: promptOf(record.line), warnings: first });
    first = undefined;
  }
}

export async function* toLineTexts(lines: AsyncIterable<BenchLine>): AsyncGenerator<string> {
  for await (const line of lines) yield `${JSON.stringify(line)}\n`;
}

/** @throws UserError for a file that cannot be read, with the number of the line that is at fault */
export async function* readBenchLines(path: string): AsyncGenerator<BenchLine> {
  let number = 0;
  try {
    const input = createReadStream(path);
    for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      number += 1;
      if (text.trim() !== "") yield toBenchLine(JSON.parse(text), path, number);
    }
  } catch (error) {
    if (error instanceof UserError) throw error;
    const reason =
      error instanceof SyntaxError ? `its line ${number} is not valid JSON` : systemReason(error);
    throw new UserError(`${path} cannot be read: ${reason}. Give raw files of the layout \`bench-jsonl\`.`);
  }
}

const NUMBERS = ["ttft", "total_time", "tokens_per_sec"] as const;

function toBenchLine(value: unknown, path: string, number: number): BenchLine {
  const refuse = (reason: string) => new UserError(`${path}: line ${number} ${reason}.`);
  if (typeof value !== "object" || value === null) throw refuse("is not an object");
  const line = value as Record<string, unknown>;
  if (typeof line.success !== "boolean") throw refuse("has no `success`, true or false, as raw files have");
  const wrong = NUMBERS.find((key) => line[key] != null && !Number.isFinite(line[key]));
  if (wrong !== undefined) throw refuse(`has a \`${wrong}\` that is not a number`);
  const { warnings = [] } = line;
  if (!Array.isArray(warnings) || warnings.some((text) => typeof text !== "string"))
    throw refuse("has `warnings` that are no list of texts");
  return line as BenchLine;
}
