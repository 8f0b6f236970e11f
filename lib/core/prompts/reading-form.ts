// How rows are read: how many turns, with or without the dataset's answers, for chat or base models.

import type { Row, Turn } from "./row.ts";
import { type FilterLimits, type FilterRule, failedRule, fittingTurns } from "./row-filter.ts";
import { hasOtherParts, type PromptStyle, TEMPLATES, type Template, toPlainRow } from "./templates.ts";

/** What a run needs from the rows. */
export interface ReadingForm {
  /** The most turns of a user; absent: 1. */
  maxTurns?: number;
  /** Keep the texts of the dataset's answers, for histories; absent: they are dropped. */
  keepAnswers?: boolean;
  /** Absent: "chat". */
  style?: PromptStyle;
}

/** The turn without the dataset's answer; how long that is stays. */
function withoutAnswer<T extends Turn>({ answer, ...turn }: T): Omit<T, "answer"> {
  return turn;
}

/** The row with at most `maxTurns` turns, and with answers only where they are kept. */
export function toForm(row: Row, { maxTurns = 1, keepAnswers = false }: ReadingForm): Row {
  const { turns = [], ...first } = row;
  const kept = turns.slice(0, maxTurns - 1);
  const form = keepAnswers ? first : withoutAnswer(first);
  return kept.length === 0 ? form : { ...form, turns: keepAnswers ? kept : kept.map(withoutAnswer) };
}

/** Whether the row, or a message before its prompt, has more than texts. */
const hasImage = ({ content, before }: Row) =>
  hasOtherParts(content) || before?.some((message) => hasOtherParts(message.content)) === true;

/**
 * The row as a run uses it. The filter judges it as a chat model gets it, so that both styles have the same rows.
 * @param row with all turns and answers that the dataset has
 * @param template what the texts of its turns are; absent: they are complete prompts
 * @returns the row, or the first rule of the filter that it fails
 */
export function finishRow(
  row: Row,
  limits: FilterLimits & ReadingForm,
  template?: Template,
): Row | FilterRule {
  const chat = template === undefined ? row : { ...row, prompt: TEMPLATES[template].chat(row.prompt) };
  const rule = failedRule(chat, limits);
  if (rule !== undefined) return rule;
  const isPlain = limits.style === "plain";
  if (isPlain && hasImage(row)) return "image";
  const turns = (limits.maxTurns ?? 1) > 1 ? fittingTurns(chat, limits) : [];
  const form = toForm({ ...chat, turns }, limits);
  if (!isPlain || template === undefined || row.synthetic !== undefined) return form;
  return toPlainRow({ ...form, prompt: row.prompt }, template);
}
