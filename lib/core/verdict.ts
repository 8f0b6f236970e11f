// What became of a request: one verdict, and flags beside it that fail nothing.
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

export type Flag =
  | "truncated"
  | "no_usage"
  | "no_end_marker"
  | "no_tokens"
  | "malformed_events"
  | "filtered"
  | "tool_calls"
  | "retried";

/** The verdicts that an error settles by itself; the other kinds depend on how far the answer had come. */
const BY_ERROR: Partial<Record<ErrorKind, Verdict>> = {
  interrupted: "interrupted",
  aborted: "aborted",
  dns: "refused",
  tcp: "refused",
  tls: "refused",
  blocked: "refused",
  bad_url: "refused",
  connect_timeout: "timeout",
  headers_timeout: "timeout",
  first_token_timeout: "timeout",
  idle_timeout: "timeout",
  total_timeout: "timeout",
  redirect: "http_error",
};

/** Errors of an answer that cannot be read as a stream; after its first token the stream counts as broken off instead. */
const UNREADABLE: readonly (ErrorKind | undefined)[] = ["protocol", "too_large", "unreadable"];

/** The verdict on a request, after the list in docs/metrics: the first that applies. */
export function toVerdict(facts: Facts): Verdict {
  const { error, status, ended, fields, tokenEvents } = facts;
  const byError = error && BY_ERROR[error.kind];
  if (byError) return byError;
  if (status !== undefined && (status < 200 || status > 299)) return "http_error";
  if (UNREADABLE.includes(error?.kind) && tokenEvents === 0) return "not_a_stream";
  if (ended === "no_stream" && status !== undefined) return "not_a_stream";
  if (facts.inBandError !== undefined) return "error_in_band";
  const finished = fields.finishReason !== undefined;
  if (ended !== "marker" && !finished) return "cut";
  return tokenEvents === 0 && !finished ? "empty" : "complete";
}

/** The flags of a request; those on what a whole answer lacks (usage, marker, tokens) are for complete ones only. */
export function toFlags(facts: Facts, verdict: Verdict): Flag[] {
  const { finishReason, completionTokens } = facts.fields;
  const complete = verdict === "complete";
  const flags: [Flag, boolean][] = [
    ["truncated", finishReason === "length"],
    ["no_usage", complete && completionTokens === undefined],
    ["no_end_marker", complete && facts.ended !== "marker"],
    ["no_tokens", complete && facts.tokenEvents === 0],
    ["malformed_events", facts.malformedEvents > 0],
    ["filtered", finishReason === "content_filter"],
    ["tool_calls", facts.toolCallEvents > 0],
    ["retried", facts.retried],
  ];
  return flags.filter(([, applies]) => applies).map(([flag]) => flag);
}
