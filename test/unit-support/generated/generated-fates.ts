// The possible fates of a generated request, for property tests, each with its verdict by definition.
import type { ErrorKind, StreamEnd } from "../../../lib/core/request/facts.ts";
import type { Verdict } from "../../../lib/core/request/verdict.ts";

/** How far a request came: nothing was sent; sent; got headers; got some tokens; got a complete stream; got one document. */
type Reach = "nothing" | "sent" | "headers" | "tokens" | "stream" | "document";

export interface Fate {
  verdict: Verdict;
  reach: Reach;
  ended: StreamEnd;
  error?: ErrorKind;
  status?: number;
  contentType?: string;
  inBandError?: string;
  body?: string;
  /** Whether the answer says why it stopped. */
  finishes?: boolean;
  /** It has no token, or at least one. */
  tokens?: "none" | "some";
  /** Choices without a finish reason. */
  open?: number;
  usage?: "never" | "always" | "nothing made";
}

const unsent = (verdict: Verdict, error: ErrorKind): Fate => ({
  verdict,
  reach: "nothing",
  ended: "no_stream",
  error,
});
const broken = (verdict: Verdict, reach: Reach, error: ErrorKind, ended: StreamEnd = "error"): Fate => ({
  verdict,
  reach,
  ended,
  error,
});
const status = (code: number, error?: ErrorKind): Fate => ({
  verdict: "http_error",
  reach: "headers",
  ended: "no_stream",
  status: code,
  contentType: "application/json",
  body: `{"error":${code}}`,
  ...(error && { error }),
});
const stream = (more: Partial<Fate> = {}): Fate => ({
  verdict: "complete",
  reach: "stream",
  ended: "marker",
  finishes: true,
  ...more,
});
const document = (more: Partial<Fate> = {}): Fate => stream({ reach: "document", ...more });

/** By name, each with its verdict by the definition of the metrics. The first are the most frequent. */
export const FATES = {
  whole: stream(),
  "without usage": stream({ usage: "never" }),
  "without an end marker": stream({ ended: "eof" }),
  "without a finish reason": stream({ finishes: false, tokens: "some" }),
  "stopped at once": stream({ tokens: "none" }),
  "cut behind its finish reason": stream({ ended: "error", error: "reset" }),
  "a document": document(),
  "a document without usage": document({ usage: "never" }),
  "a document without a finish reason": document({ finishes: false, usage: "always" }),
  "an empty document": document({ verdict: "empty", finishes: false, usage: "nothing made" }),
  "a foreign document": document({ verdict: "not_a_stream", ended: "eof", finishes: false, body: "{}" }),
  "no such host": unsent("refused", "dns"),
  "a refused connection": unsent("refused", "tcp"),
  "a bad certificate": unsent("refused", "tls"),
  "a blocked host": unsent("refused", "blocked"),
  "a bad URL": unsent("refused", "bad_url"),
  "a connection that takes too long": unsent("timeout", "connect_timeout"),
  "an end of the run before it was sent": unsent("interrupted", "interrupted"),
  "no headers in time": broken("timeout", "sent", "headers_timeout", "no_stream"),
  "no first token in time": broken("timeout", "headers", "first_token_timeout"),
  "a token that does not come": broken("timeout", "tokens", "idle_timeout"),
  "an answer that takes too long": broken("timeout", "tokens", "total_timeout"),
  "hung up on purpose": broken("aborted", "tokens", "aborted"),
  "an end of the run while it waits": broken("interrupted", "sent", "interrupted", "no_stream"),
  "an end of the run while it reads": broken("interrupted", "tokens", "interrupted"),
  "an unavailable server": status(503),
  "an unknown key": status(401),
  "a redirect loop": status(307, "redirect"),
  "a web page": {
    ...status(200),
    verdict: "not_a_stream",
    contentType: "text/html",
    body: "<html>",
  },
  "an event without an end": broken("not_a_stream", "tokens", "too_large"),
  "an unreadable body": broken("not_a_stream", "headers", "unreadable"),
  "broken HTTP before a token": broken("not_a_stream", "headers", "protocol"),
  "broken HTTP behind a token": { ...broken("cut", "tokens", "protocol"), tokens: "some" },
  "an error in the stream": {
    ...stream({ finishes: false }),
    verdict: "error_in_band",
    inBandError: "no memory",
  },
  "an error behind the finish reason": { ...stream(), verdict: "error_in_band", inBandError: "no memory" },
  "a reset before headers": broken("cut", "sent", "reset", "no_stream"),
  "a reset in the answer": broken("cut", "tokens", "reset"),
  "an early end": { ...stream({ ended: "eof", finishes: false }), verdict: "cut" },
  "a choice without a finish reason": stream({ verdict: "cut", open: 1 }),
  "a choice that was cut": stream({ verdict: "cut", open: 1, ended: "eof" }),
  "no token and no finish reason": stream({ verdict: "empty", finishes: false, tokens: "none" }),
} satisfies Record<string, Fate>;
