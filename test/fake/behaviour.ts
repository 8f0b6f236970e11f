// What the fake server does with one request: plain data, every field optional.

/**
 * A fault; "after n tokens" counts the token events that were sent whole. Of an answer that is one document,
 * document-answer.ts says what each is.
 */
export type Fault =
  /** Clean TCP end (FIN) in the middle of the answer: no last chunk, no end marker. */
  | { kind: "fin"; afterTokens: number }
  /** TCP reset. */
  | { kind: "rst"; afterTokens: number }
  /** Half of the next event's bytes, then FIN or RST. */
  | { kind: "half_event"; afterTokens: number; end?: "fin" | "rst" }
  /** Silence on an open connection until the client or `close()` ends it (pings go on where there are any). */
  | { kind: "stall"; afterTokens: number }
  /** The request is read and nothing is ever sent. */
  | { kind: "no_headers" }
  /** Headers and the role event, then silence. */
  | { kind: "no_first_token" }
  /** The connection is cut before any header. */
  | { kind: "cut_before_headers"; end?: "fin" | "rst" }
  /** One event whose data is cut-off JSON (or `data`) among good ones. */
  | { kind: "malformed_event"; afterTokens: number; data?: string }
  /** An in-band `{"error":{…}}` event, then the end of the body; 0 makes it the first event. */
  | { kind: "error_event"; afterTokens: number; error?: unknown }
  /** More token events after `[DONE]`. */
  | { kind: "events_after_done"; events: number }
  /** A stream without any token or finish reason (role event and end marker only). */
  | { kind: "empty_answer" }
  /** A finish reason and no token. */
  | { kind: "stop_at_once" }
  /** Headers, then pings and nothing else; needs `pingEveryMs` (20 where absent). */
  | { kind: "ping_only" }
  /** The stream is gzip encoded, whatever the client accepts. */
  | { kind: "gzip" }
  /** The kept connection is closed this long after the answer. */
  | { kind: "close_idle"; afterMs: number }
  /** The kept connection is cut when the next request arrives on it, before a byte of an answer. */
  | { kind: "close_on_reuse"; end?: "fin" | "rst" };

export interface Behaviour {
  /** Content tokens, one event each (default 16); `max_tokens` of the request cuts them and makes the finish "length". */
  tokens?: number;
  /** Chat: reasoning deltas (`delta.reasoning_content`) before the content; they count as completion tokens. */
  reasoningTokens?: number;
  /** Chat: tool-call deltas after the content; they count as completion tokens. */
  toolCallTokens?: number;
  /** Bytes of each token's text, for events of any size (default: short words). */
  tokenBytes?: number;
  /** Events with an empty delta between the role event and the first token. */
  emptyDeltas?: number;

  /** Number of requests that are answered at a time, from headers to end; the others wait. Default: all at once. */
  slots?: number;
  /** Queue: from the arrival of the request to the response headers. */
  headersDelayMs?: number;
  /** From the headers to the first token. */
  firstTokenDelayMs?: number;
  /** Between two tokens, on an absolute schedule: a late token does not delay the ones after it. */
  tokenDelayMs?: number;
  /** Token events that share one write; it leaves when its last token is due (default 1). */
  eventsPerWrite?: number;
  /** The role event shares the write of the first token, as in llama-server (default), or leaves with the headers. */
  roleAt?: "headers" | "first_token";
  /** A `:\n\n` comment every so often while the stream is open. */
  pingEveryMs?: number;

  /** Absent: "stop", or "length" where `max_tokens` cut the answer; null: no finish reason is sent. */
  finishReason?: string | null;
  /** "asked" obeys `stream_options.include_usage` (default). */
  usage?: "asked" | "always" | "never";
  /** What usage claims as completion tokens, where that should differ from what was sent. */
  claimedTokens?: number;
  /** Prompt tokens that the fake says came from its cache. */
  cachedTokens?: number;
  /** Send `data: [DONE]` (default true). */
  endMarker?: boolean;

  lineEnd?: "lf" | "crlf" | "cr";
  /** Start the stream with a byte order mark. */
  bom?: boolean;
  /** Send each event in pieces of this many bytes, each a write of its own. */
  pieceBytes?: number;
  /** No chunked encoding and no length: the end of the connection ends the body (HTTP/1.1 only). */
  untilClose?: boolean;

  /** Another status than 200 makes the answer `body` instead of a stream. */
  status?: number;
  /** Body of such an answer (default: an error object as llama-server sends it); also replaces a 200's stream. */
  body?: string;
  contentType?: string;
  headers?: Record<string, string>;
  /** `to` absent: back to the same path, a loop. */
  redirect?: { status: 301 | 302 | 303 | 307 | 308; to?: string };

  /** Instead of all else: the answer of a golden vector, by the name of its file without its ending. */
  transcript?: string;

  fault?: Fault;
}

/** The body of a request for text, as far as the fake reads it. */
export interface ChatBody {
  model?: string;
  messages?: { role?: string; content?: unknown }[];
  /** Instead of messages, for completions. */
  prompt?: unknown;
  stream?: boolean;
  stream_options?: { include_usage?: boolean };
  max_tokens?: number;
  max_completion_tokens?: number;
}

/**
 * One behaviour for all requests; a list, of which request n gets the n-th and all later ones the last; or a function
 * of the request's number (from 0, since the behaviour was set; generation requests only) and body.
 */
export type BehaviourSource = Behaviour | Behaviour[] | ((index: number, body: ChatBody) => Behaviour);

/** @returns the behaviour of request `index`. */
export function pickBehaviour(source: BehaviourSource, index: number, body: ChatBody): Behaviour {
  if (typeof source === "function") return source(index, body);
  if (Array.isArray(source)) return source[Math.min(index, source.length - 1)] ?? {};
  return source;
}
