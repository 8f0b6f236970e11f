// One request of a run folder as every export sees it: its line of facts, and the values derived from it.
import type { RequestLine } from "../../../lib/core/request/facts.ts";
import { type RequestDetails, toRequestDetails } from "../../../lib/core/request/request-details.ts";
import { type JournalState, readJournal } from "../../run-folder/journal-reader.ts";
import { isMeasured } from "../../summary/tallies/tally.ts";

export interface RecordView {
  line: RequestLine;
  details: RequestDetails;
  /** The journal's epoch on the wall clock; absent if its header is missing. */
  epochUnixMs?: number;
}

/**
 * Every request of a journal in the order of its lines, one at a time.
 * @param state receives whether the last line was cut off (and so left out)
 * @throws UserError for a journal that cannot be read
 */
export async function* readRecords(path: string, state?: JournalState): AsyncGenerator<RecordView> {
  let epoch: { epochUnixMs?: number } = {};
  for await (const line of readJournal(path, state)) {
    if (line.type === "header") epoch = { epochUnixMs: line.epochUnixMs };
    else if (line.type === "request") yield { line, details: toRequestDetails(line), ...epoch };
  }
}

/** Whether the journal has any request; reads no further than the first one. @throws UserError */
export async function hasRecords(path: string): Promise<boolean> {
  for await (const line of readJournal(path)) if (line.type === "request") return true;
  return false;
}

/** Whether a request succeeded or failed: it was measured, and was neither aborted on purpose nor interrupted by the end of the run. */
export function isJudged({ line, details: { verdict } }: RecordView): boolean {
  return isMeasured(line) && verdict !== "aborted" && verdict !== "interrupted";
}
