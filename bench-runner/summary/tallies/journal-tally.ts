// The first reading of a journal: all that summary and charts need of its lines, except what depends on the end of the load.

import type { Slo } from "../../../lib/core/goals/slo.ts";
import type { JournalLine, RequestLine } from "../../../lib/core/request/facts.ts";
import { type JournalState, visitJournal } from "../../run-folder/journal-reader.ts";
import { turnOf } from "../../run-folder/request-labels.ts";
import { Groups } from "../groups.ts";
import { QueueTally } from "../judge/saturation.ts";
import { RequestRows } from "../reading/request-rows.ts";
import { ChartTally } from "../series/chart-tally.ts";
import type { Precision } from "../summary.ts";
import { ConversationTally } from "./conversation-tally.ts";
import { GoodputTally } from "./goodput-tally.ts";
import { PairTally } from "./pair-tally.ts";
import { isMeasured, Tally } from "./tally.ts";

export interface JournalTally extends JournalState {
  measured: Tally;
  /** Requests of every other phase. */
  others: Tally;
  /** Over the measured requests. */
  groups: Groups;
  conversations: ConversationTally;
  charts: ChartTally;
  /** Over the measured requests. */
  goodput: GoodputTally;
  pairs: PairTally;
  /** Over all requests that have a due time. */
  queue: QueueTally;
  warmup: number;
  cooldown: number;
  /** Requests of all phases that took a row: all of them, or the first turns of conversations. */
  firstTurns: number;
  epochUnixMs?: number;
  /** Where packet stamps are, or why not. */
  capture: Pick<Precision, "stampsReason" | "packets">;
  closed: boolean;
  /** What the last line said that counts requests: one of progress, of started requests, or of the end. */
  counted?: { started: number; inFlight: number };
  /** The extension counts requests from 1 as they start. */
  highestId: number;
}

/** Adds what only the second reading needs. */
export interface FirstReading extends JournalTally {
  rows: RequestRows;
}

/**
 * @param maxTokens the longest answer that was asked for, in tokens
 * @throws UserError for a journal that cannot be read
 */
export async function tallyJournal(
  path: string,
  maxTokens: number,
  slos: readonly Slo[] = [],
): Promise<FirstReading> {
  const state: JournalState = {};
  const journal: FirstReading = {
    measured: new Tally(maxTokens),
    others: new Tally(maxTokens),
    groups: new Groups(),
    conversations: new ConversationTally(),
    charts: new ChartTally(),
    goodput: new GoodputTally(slos),
    pairs: new PairTally(),
    queue: new QueueTally(),
    rows: new RequestRows(),
    warmup: 0,
    cooldown: 0,
    firstTurns: 0,
    capture: {},
    closed: false,
    highestId: 0,
  };
  const isHeldBack = createHeldBack();
  const visit = (line: JournalLine, position: number) => {
    if (line.type === "request") addRequest(journal, line, isHeldBack(line), position);
    else if (line.type === "header") {
      journal.epochUnixMs = line.epochUnixMs;
      if (line.stampsReason !== undefined) journal.capture.stampsReason = line.stampsReason;
    } else if (line.type === "progress" || line.type === "started") {
      journal.counted = { started: line.started, inFlight: line.inFlight };
    } else if (line.type === "end") {
      journal.closed = true;
      journal.counted = { started: line.requests, inFlight: 0 };
      if (line.packets !== undefined) journal.capture.packets = line.packets;
    }
  };
  await visitJournal(path, visit, state);
  return { ...journal, ...state };
}

/** Requests that had started and have no line, as far as the journal tells: k6 died, or lines are missing. */
export function countLost({ measured, others, counted, highestId, closed }: JournalTally): number {
  // Another writer of journals does not count them.
  if (counted === undefined || counted.started === 0) return 0;
  const started = closed ? counted.started : Math.max(counted.started, highestId);
  return Math.max(0, started - measured.requests - others.requests);
}

function addRequest(journal: FirstReading, line: RequestLine, isHeldBack: boolean, position: number): void {
  const { phase } = line.labels;
  journal.highestId = Math.max(journal.highestId, line.id);
  if (phase === "warmup" || phase === "cooldown") journal[phase] += 1;
  const measured = isMeasured(line);
  const details = (measured ? journal.measured : journal.others).add(line, isHeldBack);
  if (measured) {
    journal.groups.add(line, details);
    journal.goodput.add(line, details);
    journal.pairs.add(line, details);
  }
  journal.conversations.add(line, details.verdict, measured);
  journal.charts.add(line, details.verdict);
  journal.queue.add(line, details.verdict);
  journal.rows.add(line, details.verdict, position);
  if ((turnOf(line) ?? 1) === 1) journal.firstTurns += 1;
}

/** Whether a request was due while its client was busy with another one. */
function createHeldBack(): (line: RequestLine) => boolean {
  const freeMs = new Map<number, number>();
  return ({ vu, scheduledMs, endMs }) => {
    const free = freeMs.get(vu);
    freeMs.set(vu, endMs);
    return free !== undefined && scheduledMs !== undefined && free > scheduledMs;
  };
}
