// Chooses the rows of a prepared dataset that a run sends: rows within the token limits, counted one by one.
import type { LoadOptions } from "../../lib/core/options/options.ts";
import { createRandom, sample } from "../../lib/core/prompts/random.ts";
import { toForm } from "../../lib/core/prompts/reading-form.ts";
import { mapTurns, type Row, type Turn, turnsOf } from "../../lib/core/prompts/row.ts";
import type { FilterCounts } from "../../lib/core/prompts/row-filter.ts";
import { toText } from "../../lib/core/prompts/templates.ts";
import type { LineFile } from "./line-file.ts";
import type { TokenCounter } from "./tokens/token-counter.ts";

export interface ChosenPrompts {
  /** In the order in which they are sent. */
  rows: Row[];
  /** Their places in the dataset. */
  places: number[];
  /** How many of the others exceeded which limit. */
  tooLong: Pick<FilterCounts, "longPrompt" | "longContext">;
}

export type ChoiceOptions = Pick<
  LoadOptions,
  "order" | "seed" | "maxPromptTokens" | "maxContext" | "outputTokens" | "history"
>;

export type TokenLimits = Pick<LoadOptions, "maxPromptTokens" | "maxContext">;

/** Rows counted together: few enough to waste little, enough to keep a server's `/tokenize` busy. */
const BATCH = 64;

/** The texts that a turn adds; for a first turn with all that the row has before its prompt. */
function textsOf({ prompt, system = "", before = [] }: Turn & Partial<Row>): string[] {
  return [system, ...before.map(({ content }) => toText(content)), prompt];
}

/** The rows with `promptTokens` in each turn, and `answerTokens` if the row has the answer's text. */
async function countTokens(rows: readonly Row[], counter: TokenCounter): Promise<Row[]> {
  const turns = rows.flatMap(turnsOf);
  const texts = turns.flatMap((turn) => [...textsOf(turn), turn.answer ?? ""]);
  const counts = (await counter.count(texts)).values();
  const next = () => counts.next().value as number;
  const count = <T extends Turn>(turn: T): T => {
    const promptTokens = textsOf(turn).reduce((sum) => sum + next(), 0);
    const answerTokens = next();
    return { ...turn, promptTokens, ...(turn.answer !== undefined && { answerTokens }) };
  };
  return rows.map((row) => mapTurns(row, count));
}

/** The rule that the row's first turn fails; limits in words were applied before. */
function failedLimit(
  row: Row,
  { maxPromptTokens, maxContext }: TokenLimits,
): keyof ChosenPrompts["tooLong"] | undefined {
  const promptTokens = row.promptTokens ?? 0;
  if (promptTokens > maxPromptTokens) return "longPrompt";
  return promptTokens + (row.answerTokens ?? 0) > maxContext ? "longContext" : undefined;
}

/** The rows with their tokens counted; in the place of a row that is too long, the rule that it fails. */
export async function judgeByTokens(
  rows: readonly Row[],
  limits: TokenLimits,
  counter: TokenCounter,
): Promise<(Row | keyof ChosenPrompts["tooLong"])[]> {
  return (await countTokens(rows, counter)).map((row) => failedLimit(row, limits) ?? row);
}

/** "3 had a prompt over 1024 tokens, …"; empty where none had. */
export function describeTooLong(
  { longPrompt, longContext }: ChosenPrompts["tooLong"],
  limits: TokenLimits,
): string {
  return [
    ...(longPrompt ? [`${longPrompt} had a prompt over ${limits.maxPromptTokens} tokens`] : []),
    ...(longContext ? [`${longContext} had a prompt and answer over ${limits.maxContext} tokens`] : []),
  ].join(", ");
}

/**
 * The places of rows that earlier loads on a server have taken, by the dataset's path: a later load takes others first,
 * because these may come from the server's prompt cache.
 */
export type TakenRows = Map<string, Set<number>>;

/** Those that no earlier load has taken come first. */
function freshFirst(order: number[], taken: ReadonlySet<number>): number[] {
  if (taken.size === 0) return order;
  return [...order.filter((place) => !taken.has(place)), ...order.filter((place) => taken.has(place))];
}

/**
 * Looks at the rows one by one, in random order or the file's, until `count` are within the limits.
 * @param takes which rows are eligible; default: all
 * @param taken in random order these come last
 */
export async function choosePrompts(
  file: LineFile,
  count: number,
  options: ChoiceOptions,
  counter: TokenCounter,
  takes: (row: Row) => boolean = () => true,
  taken: ReadonlySet<number> = new Set(),
): Promise<ChosenPrompts> {
  const places = Array.from({ length: file.length }, (_, index) => index);
  const random = createRandom(options.seed);
  const order =
    options.order === "random" ? freshFirst(sample(places, places.length, random), taken) : places;
  const rows: Row[] = [];
  const chosen: number[] = [];
  const tooLong: ChosenPrompts["tooLong"] = {};
  // Without a history, the dataset's answers were only needed for counting.
  const form = { maxTurns: Number.POSITIVE_INFINITY, keepAnswers: options.history === "dataset" };
  let at = 0;
  while (rows.length < count && at < order.length) {
    const batch: Row[] = [];
    const batchPlaces: number[] = [];
    const wanted = Math.min(BATCH, count - rows.length);
    while (batch.length < wanted && at < order.length) {
      const place = order[at++] as number;
      const row = file.read(place) as Row;
      if (!takes(row)) continue;
      batch.push(row);
      batchPlaces.push(place);
    }
    for (const [index, row] of (await judgeByTokens(batch, options, counter)).entries()) {
      if (typeof row === "string") {
        tooLong[row] = (tooLong[row] ?? 0) + 1;
        continue;
      }
      rows.push(toForm(row, form));
      chosen.push(batchPlaces[index] as number);
    }
  }
  return { rows, places: chosen, tooLong };
}
