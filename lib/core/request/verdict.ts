// The outcome of a request, in one word.
import type { ErrorKind, Facts } from "./facts.ts";

/** In the order in which they apply: a request gets the first that fits. */
export const VERDICTS = [
  "interrupted",
  "aborted",
  "refused",
  "timeout",
  "http_error",
  "not_a_stream",
  "error_in_band",
  "cut",
  "empty",
  "complete",
] as const;
export type Verdict = (typeof VERDICTS)[number];

/** Errors before a connection was established. */
const REFUSED: readonly ErrorKind[] = ["dns", "tcp", "tls", "blocked", "bad_url"];

/** Unreadable framing. So is broken HTTP (`protocol`) before the first token; after it, the stream is cut. */
const UNREADABLE: readonly ErrorKind[] = ["too_large", "unreadable"];

/** The verdict on a request: the first in the list of docs/metrics that applies. */
export function toVerdict(facts: Facts): Verdict {
  const { error, status, ended, fields, tokenEvents } = facts;
  const kind = error?.kind;
  if (kind === "interrupted" || kind === "aborted") return kind;
  if (kind && REFUSED.includes(kind)) return "refused";
  if (kind?.endsWith("_timeout")) return "timeout";
  if (kind === "redirect" || (status && (status < 200 || status > 299))) return "http_error";
  if (kind && UNREADABLE.includes(kind)) return "not_a_stream";
  if (kind === "protocol" && tokenEvents === 0) return "not_a_stream";
  if (ended === "no_stream" && status !== undefined) return "not_a_stream";
  if (facts.document && ended === "eof") return "not_a_stream";
  if (facts.inBandError !== undefined) return "error_in_band";
  const finished = fields.finishReason !== undefined;
  if (facts.openChoices || (ended !== "marker" && !finished)) return "cut";
  const tokens = facts.document ? fields.completionTokens || facts.tokenBytes : tokenEvents;
  return !tokens && !finished ? "empty" : "complete";
}
