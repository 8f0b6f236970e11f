// The first reading of a journal: all that a summary needs of its lines, but for what the ends of the window decide.
import type { RequestLine } from "../lib/core/facts.ts";
import { ConversationTally } from "./conversation-tally.ts";
import { Groups } from "./groups.ts";
import { type JournalState, readJournal } from "./journal-reader.ts";
import { turnOf } from "./request-labels.ts";
import { isMeasured, Tally } from "./tally.ts";

export interface JournalTally extends JournalState {
  measured: Tally;
  /** Requests of every other phase. */
  others: Tally;
  /** Of the measured requests. */
  groups: Groups;
  conversations: ConversationTally;
  warmup: number;
  cooldown: number;
  /** Requests of all phases that began with a row: all of them, or in conversations the first turns. */
  firstTurns: number;
  epochUnixMs?: number;
  closed: boolean;
}

/**
 * @param maxTokens the longest answer that was asked for, in tokens
 * @throws UserError for a journal that cannot be read
 */
export async function tallyJournal(path: string, maxTokens: number): Promise<JournalTally> {
  const state: JournalState = {};
  const journal: JournalTally = {
    measured: new Tally(maxTokens),
    others: new Tally(maxTokens),
    groups: new Groups(),
    conversations: new ConversationTally(),
    warmup: 0,
    cooldown: 0,
    firstTurns: 0,
    closed: false,
  };
  const isHeldBack = createHeldBack();
  for await (const line of readJournal(path, state)) {
    if (line.type === "request") addRequest(journal, line, isHeldBack(line));
    else if (line.type === "header") journal.epochUnixMs = line.epochUnixMs;
    else if (line.type === "end") journal.closed = true;
  }
  return { ...journal, ...state };
}

function addRequest(journal: JournalTally, line: RequestLine, isHeldBack: boolean): void {
  const { phase } = line.labels;
  if (phase === "warmup" || phase === "cooldown") journal[phase] += 1;
  const measured = isMeasured(line);
  const details = (measured ? journal.measured : journal.others).add(line, isHeldBack);
  if (measured) journal.groups.add(line, details);
  journal.conversations.add(line, details.verdict, measured);
  if ((turnOf(line) ?? 1) === 1) journal.firstTurns += 1;
}

/** Whether a request was due while its client was at work on another one. */
function createHeldBack(): (line: RequestLine) => boolean {
  const freeMs = new Map<number, number>();
  return ({ vu, scheduledMs, endMs }) => {
    const free = freeMs.get(vu);
    freeMs.set(vu, endMs);
    return free !== undefined && scheduledMs !== undefined && free > scheduledMs;
  };
}
