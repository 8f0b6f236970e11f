// One row of a prepared dataset: the one form that every reader produces and every scenario consumes.
import type { Message } from "./message.ts";

/** A user's prompt, and how the dataset continues. */
export interface Turn {
  prompt: string;
  /** The dataset's own answer; absent where it has none or the run does not need it. */
  answer?: string;
  /** Whitespace words of that answer, or what the dataset says of its tokens; absent where the dataset has none. */
  answerTokens?: number;
  /** Tokens of the prompt, as counted before the run; absent where they were not counted. */
  promptTokens?: number;
  /** The tokens that the answer should have: exactly or at most, depending on the options. */
  outputTokens?: number;
  /** The prompt is made when it is sent, and empty here. */
  synthetic?: SyntheticPrompt;
}

/** A prompt that is made from numbers: see synthetic-prompt.ts. */
export interface SyntheticPrompt {
  words: number;
  /** Which prompt of the run, from 0. */
  index: number;
  /**
   * What the prompt consists of: numbers of blocks, each a text of BLOCK_WORDS words that is the same wherever its number
   * is; the last one is cut to `words` in all. What the blocks do not cover are words of its own.
   */
  blocks?: readonly number[];
  /** The common beginning of a group of prompts: its length in words, and the group's number from 0. */
  prefix?: { words: number; group: number };
}

export interface Row extends Turn {
  /** Unique in its file, for example "chat-001". */
  id: string;
  /** "chat", "summarization", "question-answering", "code", or absent. */
  task?: string;
  /** A system message of its own, replacing the run's; empty for none. */
  system?: string;
  /** Messages between the system message and the prompt. */
  before?: Message[];
  /** The prompt as it is sent, where it is more than a text (images by URL); `prompt` then has the texts of it. */
  content?: readonly object[];
  /** The conversation's later turns, in order. */
  turns?: Turn[];
  /** The prompts are written for base models, and were judged by the filter before: see templates.ts. */
  style?: "plain";
  /** The longest answer that the row itself allows, in tokens. */
  maxTokens?: number;
  /** Further fields of the request's body, such as `tools`. */
  body?: Record<string, unknown>;
}

/** All turns of a row; the row itself is its first. */
export function turnsOf(row: Row): Turn[] {
  return [row, ...(row.turns ?? [])];
}

/** The row with each of its turns changed, first to last. */
export function mapTurns(row: Row, change: <T extends Turn>(turn: T) => T): Row {
  const first = change(row);
  return row.turns === undefined ? first : { ...first, turns: row.turns.map(change) };
}
