// The command `datasets inspect`: reads a whole dataset as a run would, and counts its contents, one batch at a time.
import { DatasetError } from "../../../../lib/core/prompts/read-dataset.ts";
import type { ReadingForm } from "../../../../lib/core/prompts/reading-form.ts";
import type { Row } from "../../../../lib/core/prompts/row.ts";
import type { FilterLimits } from "../../../../lib/core/prompts/row-filter.ts";
import { UserError } from "../../../platform/user-error.ts";
import type { ChosenPrompts } from "../../choose-prompts.ts";
import type { TokenCounter } from "../../tokens/token-counter.ts";
import { CutOffError } from "../cut-off-error.ts";
import { toFingerprint } from "../fingerprint.ts";
import { type DatasetFormat, toDatasetRow } from "../formats.ts";
import type { LeftOutCounts } from "../layout.ts";
import { openDataset, type Reading } from "../open-dataset.ts";
import { type LengthSummary, Lengths } from "./inspect-lengths.ts";
import { UsableRows } from "./usable-rows.ts";

/** Characters counted at a time. */
const BATCH_CHARACTERS = 1 << 20;
const EXAMPLES = 3;
const EXAMPLE_CHARACTERS = 100;
/** A dataset in which every row has its own task has no meaningful tasks. */
const MOST_TASKS = 1000;

/** Every row with a prompt, except those with a text under 4 words, which the filter always leaves out; with all turns and answers. */
const EVERYTHING = {
  maxPromptTokens: Number.POSITIVE_INFINITY,
  maxContext: Number.POSITIVE_INFINITY,
  maxTurns: Number.MAX_SAFE_INTEGER,
  keepAnswers: true,
} as const;

/** Tokens of texts, and their counter. */
export type CountedLengths = LengthSummary & { countedBy: string };

export interface InspectReport {
  path: string;
  format: DatasetFormat;
  rows: number;
  /** Rows that a run with the same limits and the same counter takes. */
  used: number;
  /** How many of the others its filter leaves out by which rule. */
  leftOut: LeftOutCounts;
  /** How many of those that pass the filter are over a limit in tokens. */
  tooLong: ChosenPrompts["tooLong"];
  /** What counts the tokens. */
  countedBy: string;
  limits: FilterLimits;
  /** The file is cut off, and its whole rows were read. */
  isPartial: boolean;
  /** Rows with a prompt, of any length from the filter's 4 words up: what follows is about these. */
  withPrompt: number;
  /** Rows by task; "" for those without one. */
  tasks: Record<string, number>;
  /** Turns of a user in each row; absent if every row has one. */
  turns?: LengthSummary;
  /** Lengths of the first turns; absent if there are none. */
  promptTokens?: CountedLengths;
  /** Lengths of the first turns' answers whose texts the dataset has. */
  answerTokens?: CountedLengths;
  /** Lengths of the answers that the dataset gives as numbers only. */
  notedAnswerTokens?: CountedLengths;
  repeats: RepeatSummary;
  /** The row with the longest first prompt. */
  longest?: { row: number; id: string; promptTokens: number; prompt: string };
  examples: { row: number; task?: string; prompt: string }[];
}

/** A text on one line, without control characters. */
export function toOneLine(text: string, most: number = EXAMPLE_CHARACTERS): string {
  // A dataset's text may be megabytes long: only what is shown is processed.
  const line = text
    .slice(0, 8 * most)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, " ")
    .trim();
  const characters = [...line];
  return characters.length > most || text.length > 8 * most
    ? `${characters.slice(0, most).join("").trimEnd()}…`
    : line;
}

interface RepeatSummary {
  /** Rows whose prompt is that of an earlier row. */
  rows: number;
  /** The first of them; absent if there is none. */
  example?: { row: number; ofRow: number; prompt: string };
}

/** Which prompts repeat an earlier one: keeps a few bytes per prompt. */
class Repeats {
  /** Row of the first prompt with each fingerprint. */
  readonly #rowOf = new Map<number, number>();
  #rows = 0;
  #example: RepeatSummary["example"];

  /** @param shorten what the example shows of the prompt */
  add(row: number, prompt: string, shorten: (text: string) => string): void {
    const fingerprint = toFingerprint(prompt);
    const ofRow = this.#rowOf.get(fingerprint);
    if (ofRow === undefined) {
      this.#rowOf.set(fingerprint, row);
      return;
    }
    this.#rows++;
    this.#example ??= { row, ofRow, prompt: shorten(prompt) };
  }

  summarize(): RepeatSummary {
    return { rows: this.#rows, ...(this.#example !== undefined && { example: this.#example }) };
  }
}

class Inspection {
  readonly #counter: TokenCounter;
  readonly tasks = new Map<string, number>();
  readonly turns = new Lengths();
  readonly prompts = new Lengths();
  readonly answers = new Lengths();
  readonly notedAnswers = new Lengths();
  readonly repeats = new Repeats();
  readonly examples: InspectReport["examples"] = [];
  longest: InspectReport["longest"];
  withPrompt = 0;
  hasTurns = false;
  #batch: { number: number; row: Row }[] = [];
  #characters = 0;

  constructor(counter: TokenCounter) {
    this.#counter = counter;
  }

  async add(number: number, row: Row): Promise<void> {
    this.withPrompt++;
    const task = row.task ?? "";
    if (this.tasks.has(task) || this.tasks.size < MOST_TASKS) {
      this.tasks.set(task, (this.tasks.get(task) ?? 0) + 1);
    }
    this.turns.add(1 + (row.turns?.length ?? 0));
    this.hasTurns ||= row.turns !== undefined;
    this.repeats.add(number, row.prompt, toOneLine);
    if (this.examples.length < EXAMPLES) {
      const prompt = toOneLine(row.prompt);
      this.examples.push({ row: number, ...(row.task !== undefined && { task: row.task }), prompt });
    }
    this.#batch.push({ number, row });
    this.#characters += row.prompt.length + (row.answer?.length ?? 0);
    if (this.#characters >= BATCH_CHARACTERS) await this.count();
  }

  /** Counts what was added since the last call. */
  async count(): Promise<void> {
    const batch = this.#batch;
    this.#batch = [];
    this.#characters = 0;
    if (batch.length === 0) return;
    const prompts = await this.#counter.count(batch.map(({ row }) => row.prompt));
    const answers = await this.#counter.count(batch.flatMap(({ row }) => row.answer ?? []));
    for (const tokens of answers) this.answers.add(tokens);
    for (const [index, { number, row }] of batch.entries()) {
      const promptTokens = prompts[index] as number;
      this.prompts.add(promptTokens);
      if (row.answer === undefined && row.answerTokens !== undefined) this.notedAnswers.add(row.answerTokens);
      if (this.longest !== undefined && promptTokens <= this.longest.promptTokens) continue;
      this.longest = { row: number, id: row.id, promptTokens, prompt: toOneLine(row.prompt) };
    }
  }
}

const countedBy = (lengths: Lengths, name: string): CountedLengths | undefined => {
  const summary = lengths.summarize();
  return summary && { ...summary, countedBy: name };
};

/**
 * @param reading limits and form of a run, whose effect is reported; all rows are counted
 * @throws UserError if the dataset is missing, empty or malformed, or the tokens cannot be counted
 */
export async function inspectDataset(
  path: string,
  reading: Reading & FilterLimits & ReadingForm,
  counter: TokenCounter,
): Promise<InspectReport> {
  const { maxPromptTokens, maxContext, promptType } = reading;
  const limits = { maxPromptTokens, maxContext, ...(promptType !== undefined && { promptType }) };
  const { values, ...known } = await openDataset(path, reading);
  const inspection = new Inspection(counter);
  const usable = new UsableRows(limits, counter);
  let rows = 0;
  let isPartial = false;
  try {
    for await (const value of values) {
      const number = ++rows;
      await usable.add(toDatasetRow(known, value, number, { ...reading, keepAnswers: false }));
      const row = toDatasetRow(known, value, number, EVERYTHING);
      if (typeof row !== "string") await inspection.add(number, row);
    }
  } catch (error) {
    if (error instanceof DatasetError) throw new UserError(`Dataset ${path}: ${error.message}.`);
    if (!(error instanceof CutOffError && reading.allowPartial)) throw error;
    isPartial = true;
  }
  await inspection.count();
  await usable.finish();
  const { tasks, turns, prompts, answers, notedAnswers, repeats, longest, examples } = inspection;
  const promptTokens = countedBy(prompts, counter.name);
  const answerTokens = countedBy(answers, counter.name);
  const noted = countedBy(notedAnswers, "the dataset");
  const turnCounts = inspection.hasTurns ? turns.summarize() : undefined;
  return {
    path,
    format: known.format,
    rows,
    used: usable.used,
    leftOut: usable.leftOut,
    tooLong: usable.tooLong,
    countedBy: counter.name,
    limits,
    isPartial,
    withPrompt: inspection.withPrompt,
    tasks: Object.fromEntries(tasks),
    ...(turnCounts && { turns: turnCounts }),
    ...(promptTokens && { promptTokens }),
    ...(answerTokens && { answerTokens }),
    ...(noted && { notedAnswerTokens: noted }),
    repeats: repeats.summarize(),
    ...(longest && { longest }),
    examples,
  };
}
