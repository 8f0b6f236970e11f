// Counts the conversations of a run by how they ended, from the lines of their turns.
import type { RequestLine } from "../../../lib/core/request/facts.ts";
import type { Verdict } from "../../../lib/core/request/verdict.ts";
import { conversationOf } from "../../run-folder/request-labels.ts";
import type { Conversations } from "../summary.ts";

type End = "completed" | "failed" | "interrupted" | "aborted";

/** An unfinished conversation, as far as its turns have ended. */
interface Open {
  sent: number;
  isMeasured: boolean;
}

/**
 * Counts the conversations with at least one measured turn, with all their turns, whatever the phase of each.
 *
 * A conversation ends with its last turn, or with the first one that is not complete. The lines of its turns come in
 * order: a turn is sent only after the one before has ended. So only unfinished conversations are kept.
 */
export class ConversationTally {
  readonly #open = new Map<string, Open>();
  readonly #ended: { [E in End]: number } = { completed: 0, failed: 0, interrupted: 0, aborted: 0 };
  #turnsSent = 0;
  #turnsUnsent = 0;

  add(line: RequestLine, verdict: Verdict, isMeasured: boolean): void {
    const place = conversationOf(line);
    if (place === undefined) return;
    const { id, turn, turns } = place;
    const known = this.#open.get(id);
    const now = { sent: (known?.sent ?? 0) + 1, isMeasured: isMeasured || known?.isMeasured === true };
    const end = toEnd(verdict, turn >= turns);
    if (end === undefined) {
      this.#open.set(id, now);
      return;
    }
    this.#open.delete(id);
    this.#close(now, end);
    if (end === "failed" && now.isMeasured) this.#turnsUnsent += Math.max(turns - turn, 0);
  }

  #close({ sent, isMeasured }: Open, end: End): void {
    if (!isMeasured) return;
    this.#ended[end] += 1;
    this.#turnsSent += sent;
  }

  /** Called at the end of the journal: the run ended the unfinished ones. Undefined in a run without conversations. */
  toConversations(): Conversations | undefined {
    for (const open of this.#open.values()) this.#close(open, "interrupted");
    this.#open.clear();
    const { completed, failed, interrupted, aborted } = this.#ended;
    const started = completed + failed + interrupted + aborted;
    if (started === 0) return undefined;
    return {
      started,
      completed,
      failed,
      interrupted,
      ...(aborted > 0 && { aborted }),
      turnsSent: this.#turnsSent,
      turnsUnsent: this.#turnsUnsent,
      meanTurns: this.#turnsSent / started,
    };
  }
}

/** How a turn ends its conversation; undefined if another one follows. */
function toEnd(verdict: Verdict, isLast: boolean): End | undefined {
  if (verdict === "interrupted" || verdict === "aborted") return verdict;
  if (verdict !== "complete") return "failed";
  return isLast ? "completed" : undefined;
}
