// One ShareGPT conversation → a row: what the human says are its turns, what the model says the dataset's own answers.
import { finishRow, type ReadingForm } from "./reading-form.ts";
import type { Row, Turn } from "./row.ts";
import { countWords, type FilterLimits, type FilterRule } from "./row-filter.ts";

/** `from` and `value`, or `role` and `content` as in the API of OpenAI. */
interface Said {
  from?: unknown;
  value?: unknown;
  role?: unknown;
  content?: unknown;
}

const HUMANS: readonly unknown[] = ["human", "user"];
/** Those who answer. */
const MODELS: readonly unknown[] = ["gpt", "chatgpt", "assistant", "bing", "bard"];

const speakerOf = (said: Said | null | undefined) => said?.from ?? said?.role;
const isHuman = (said: Said | null | undefined) => HUMANS.includes(speakerOf(said));
const isModel = (said: Said | null | undefined) => MODELS.includes(speakerOf(said));

/** A text of a ShareGPT file; whatever else it may be is written as one. */
const toValue = (said: Said | null | undefined) => String(said?.value ?? said?.content ?? "");

function toTurn(question: Said | null, said: Said | null | undefined): Turn {
  const answer = toValue(said);
  return { prompt: toValue(question), answer, answerTokens: countWords(answer) };
}

/** The turns after the first, up to where human and model stop taking turns; the last one may have no answer. */
function toLaterTurns(said: readonly (Said | null)[], maxTurns: number): Turn[] {
  const turns: Turn[] = [];
  for (let at = 2; at < said.length && turns.length < maxTurns - 1; at += 2) {
    const [before, question, answer] = said.slice(at - 1, at + 2);
    if (question === undefined || !isModel(before) || !isHuman(question)) break;
    turns.push(isModel(answer) ? toTurn(question, answer) : { prompt: toValue(question) });
  }
  return turns;
}

/**
 * @param conversation one element of a ShareGPT file, whatever it is
 * @param number its place in the file, from 1: it names the row (the ids in the files themselves are not unique)
 * @returns the row, or the first rule that it fails; undefined for what has no list of conversations
 */
export function toShareGptRow(
  conversation: unknown,
  number: number,
  limits: FilterLimits & ReadingForm,
): Row | FilterRule | undefined {
  const all = (conversation as { conversations?: unknown } | null)?.conversations;
  if (!Array.isArray(all)) return undefined;
  if (all.length < 2) return "oneTurn";
  const [opening] = all as (Said | null)[];
  const isSystem = speakerOf(opening) === "system";
  const said = (isSystem ? all.slice(1) : all) as (Said | null)[];
  const [question = null, answer] = said;
  if (!isHuman(question)) return "notHuman";
  if (said.length < 2) return "oneTurn";
  const row: Row = { id: `sharegpt-${number}`, ...toTurn(question, answer) };
  if (isSystem) row.system = toValue(opening);
  row.turns = toLaterTurns(said, limits.maxTurns ?? 1);
  return finishRow(row, limits, "chat");
}
