// The facts of one request: what happened and when, without derived values; and the other kinds of journal lines.
//
// The Go extension writes these lines to records.jsonl; the scenario gets the same facts (without the arrays) back
// from `sse.record`. Times are milliseconds since the process's one monotonic epoch, with microsecond digits.
// An unknown field is absent, never 0.

/** What went wrong below the level of the dialect. */
export type ErrorKind =
  | "dns"
  | "tcp"
  | "tls"
  | "blocked"
  | "bad_url"
  | "connect_timeout"
  | "headers_timeout"
  | "first_token_timeout"
  | "idle_timeout"
  | "total_timeout"
  | "redirect"
  | "reset"
  | "eof"
  | "protocol"
  | "too_large"
  | "unreadable"
  | "interrupted"
  | "aborted";

/**
 * How the stream ended: its end marker, a clean end of the body, an error (see `error`), or there was no stream.
 * A complete document of the dialect counts as ended by its marker; with `eof` it is not one of the dialect.
 */
export type StreamEnd = "marker" | "eof" | "error" | "no_stream";

/**
 * Whose clock a time is: that of the TCP segment itself (packet capture), the kernel's at the read's last segment, or
 * this process's own once the read had returned.
 */
export type StampSource = (typeof STAMP_SOURCES)[number];

/** From the best to the worst. */
export const STAMP_SOURCES = ["packet", "kernel", "user"] as const;

export type FieldValue = string | number | boolean;

/** The facts that both the scenario and the journal have. */
export interface Facts {
  scheduledMs?: number;
  /** Handed to `record`, body built (after the wait for `sendAt`). */
  startMs: number;
  /** The connection was ready (after TLS); absent on a kept connection. */
  connectedMs?: number;
  /** The request's first byte was given to the kernel. */
  sentMs?: number;
  headersMs?: number;
  firstTokenMs?: number;
  /**
   * Only where the time of the first token is not known exactly, because its read brought several TCP segments that have
   * no stamps of their own: it arrived in [firstTokenEarliestMs, firstTokenMs].
   */
  firstTokenEarliestMs?: number;
  firstContentMs?: number;
  /** Likewise, where it is not the first token. */
  firstContentEarliestMs?: number;
  lastTokenMs?: number;
  /** Likewise. */
  lastTokenEarliestMs?: number;
  /** Last byte of the stream, or the moment of the failure. */
  endMs: number;
  status?: number;
  /** Content-Type of the answer, without parameters, lower case. */
  contentType?: string;
  error?: { kind: ErrorKind; message: string };
  /** Text of an error that the server sent inside the stream. */
  inBandError?: string;
  ended: StreamEnd;
  /** Requested as one JSON document, not as a stream: without token events and times of tokens. */
  document?: true;
  /** The worst source among those of its headers and tokens. */
  stamps: StampSource;
  stampLagMeanMs?: number;
  stampLagMaxMs?: number;
  /**
   * Tokens whose time is not known exactly: their stamp is a later TCP segment's of the same read. Tokens that the server
   * sent in one segment are not among them.
   */
  mergedTokens: number;
  tokenEvents: number;
  contentEvents: number;
  reasoningEvents: number;
  toolCallEvents: number;
  reads: number;
  events: number;
  malformedEvents: number;
  bytes: number;
  /** The length of the tokens' texts as they were sent, with the escapes of JSON; of a document, that of its texts. */
  tokenBytes?: number;
  /** That of the first token event. */
  firstTokenBytes?: number;
  /** Choices that have no finish reason although another one has (`n` above 1). */
  openChoices?: number;
  /** The answer ended by its end marker, after tokens, without the finish reason that its dialect has. */
  noFinishReason?: true;
  /** What cannot be true in the server's usage: the first such value with its path, or the contradiction. */
  badUsage?: string;
  /** Paths of texts that the dialect does not read, where usage counts more tokens than came, or where none came. */
  unread?: string[];
  /** Last value of each path that the dialect names. */
  fields: Record<string, FieldValue>;
  /** First KiB of an answer that was not a stream, or of a document that is not one of the dialect. */
  body?: string;
  reused: boolean;
  /** A stale kept connection was replaced by a fresh one. */
  retried: boolean;
  /** The bytes of the request body. */
  requestBytes: number;
  /** The content (neither reasoning nor tool calls), on request (`params.text`): at most its first MiB; never in the journal. */
  text?: string;
}

/** One line of the journal: a request. */
export interface RequestLine extends Facts {
  type: "request";
  /** Counts the requests of this process in the order in which they were handed over, from 1. */
  id: number;
  vu: number;
  iteration: number;
  scenario: string;
  labels: Record<string, string>;
  /** Gaps between consecutive token events, whole microseconds, in order; up to 16,384 tokens. */
  gapsUs?: number[];
  /** Beyond that: [gap in whole microseconds, count] pairs, each bucket at most 0.05 % wide. */
  gapHistogramUs?: [number, number][];
  /** [first, count] runs of indices into `gapsUs` whose gap is not known: it begins or ends at a merged token. */
  uncertainGaps?: [number, number][];
  /** Such gaps that `gapHistogramUs` leaves out. */
  uncertainGapCount?: number;
  /** Reads whose segment the packet capture did not have: they have the stamp of the read. */
  packetMisses?: number;
  /** Token events by second of the epoch: [second, count] pairs. */
  tokensBySecond?: [number, number][];
}

/** First line of the journal. */
export interface HeaderLine {
  type: "header";
  schema: "server-bench/records/1";
  /** The epoch on the wall clock, Unix milliseconds. */
  epochUnixMs: number;
  pid: number;
  k6Version: string;
  extensionVersion: string;
  /** The best source that this process has. */
  stamps: StampSource;
  /** Why it has no packet stamps, where they were not switched off. */
  stampsReason?: string;
}

/** Once a second. Sums since the start of the process. */
export interface ProgressLine {
  type: "progress";
  tMs: number;
  started: number;
  inFlight: number;
  /** Ended in any way; `failed` of them with an error, a status other than 2xx, or without a proper end. */
  done: number;
  failed: number;
  tokens: number;
  /** Requests that got a first token, and the sum of their (firstToken − sent). */
  firstTokens: number;
  firstTokenWaitMs: number;
}

/**
 * Ten times a second, where more requests have started since the last one. It is written together with the lines of the
 * requests that ended before: those that had started and have no line then were open.
 */
export interface StartedLine {
  type: "started";
  tMs: number;
  started: number;
  inFlight: number;
}

/** Last line of a journal that was closed properly. */
export interface EndLine {
  type: "end";
  tMs: number;
  requests: number;
  /** Frames that the packet capture delivered, and those that it dropped (the kernel's own count). */
  packets?: { seen: number; dropped: number };
}

export type JournalLine = HeaderLine | RequestLine | ProgressLine | StartedLine | EndLine;
