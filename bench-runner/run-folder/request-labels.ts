// Reads the labels that scenarios add to a request's line: all are texts, and any may be missing.
import type { RequestLine } from "../../lib/core/request/facts.ts";

type Labelled = Pick<RequestLine, "labels">;

/** The task of the request's row. */
export function taskOf({ labels }: Labelled): string | undefined {
  return labels.task || undefined;
}

/** Which turn of a conversation it is, from 1; undefined in a run without conversations. */
export function turnOf({ labels }: Labelled): number | undefined {
  return toCount(labels.turn);
}

/** The turn and its conversation; undefined if a part is missing. */
export function conversationOf({
  labels,
}: Labelled): { id: string; turn: number; turns: number } | undefined {
  const [turn, turns] = [toCount(labels.turn), toCount(labels.turns)];
  const id = labels.conversation;
  return id && turn !== undefined && turns !== undefined ? { id, turn, turns } : undefined;
}

/** A whole number from 1. */
function toCount(label: string | undefined): number | undefined {
  return label !== undefined && /^0*[1-9]\d{0,8}$/.test(label) ? Number(label) : undefined;
}
