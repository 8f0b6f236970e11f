// Types of the k6 extension `k6/x/sse`.

declare module "k6/x/sse" {
  /** Set-up of the process, in the init context; one call is enough, further calls must have the same arguments. */
  export interface Configuration {
    /** File for one line of facts per request; it must not exist yet, its folder must. */
    journal?: string;
    /** Name of a Trend for the gaps between tokens of streams that ended properly. */
    itlMetric?: string;
    /**
     * No such samples if more tokens than `tokens` are expected: iterations times `perRequest`, or clients times seconds
     * times 100. A message in the log, once, explains this.
     */
    itlLimit?: { tokens: number; perRequest: number };
    /**
     * Kept connections are the process's: a VU takes one that another VU has left. Otherwise each VU has its own, which is
     * what `noVUConnectionReuse` asks for in any case. Cookies are always each VU's own.
     */
    shareConnections?: boolean;
    /**
     * Pauses of arrivals (`sendAt`) in which no request runs are shortened to this many seconds: what is skipped is taken
     * off every later `sendAt`. Iterations call `finish` then.
     */
    keepIdle?: number;
    /** The metrics of `samples`, in its order; a value is multiplied by its metric's factor. */
    metrics?: { name: string; type: "trend" | "counter" | "rate"; isTime?: boolean; factor?: number }[];
    /** Dialects by the name that `record` then accepts: cheaper than an object in each VU. */
    dialects?: Record<string, import("../lib/core/request/dialect.ts").Dialect>;
  }

  export interface RecordParams {
    method?: string;
    headers?: Record<string, string>;
    body?: string;
    /** On every sample of this request, and among the labels of its journal line. Few values each. */
    tags?: Record<string, string>;
    /** On the journal line, and as metadata on the samples. Any number of values. */
    labels?: Record<string, string>;
    /** Do not start before this moment: milliseconds of `now()`'s epoch. Recorded as `scheduledMs`, skipped pauses taken off. */
    sendAt?: number;
    /** Seconds; absent or 0: no limit. A whole answer has no first token to wait for. */
    timeouts?: { connect?: number; headers?: number; firstToken?: number; idle?: number; total?: number };
    /** Hang up on purpose: this many milliseconds after the request was sent, or after this many token events. */
    abortAfterMs?: number;
    abortAfterTokens?: number;
    /** Return the text of the answer (`Facts.text`). */
    text?: boolean;
    /** Return the arrays of the journal line (`gapsUs`, `tokensBySecond`). */
    arrays?: boolean;
  }

  /** An event of `open`, as in the community extension. */
  export interface Event {
    id: string;
    name: string;
    data: string;
    comment: string;
  }

  export interface Client {
    on(event: "open", handler: () => void): void;
    on(event: "event", handler: (event: Event) => void): void;
    on(event: "error", handler: (error: { error(): string }) => void): void;
    close(): void;
  }

  export interface OpenResponse {
    url: string;
    status: number;
    headers: Record<string, string>;
    error: string;
    /** Body of an answer that was not a stream. */
    body: string;
  }

  export interface OpenParams {
    method?: string;
    headers?: Record<string, string>;
    body?: string;
    tags?: Record<string, string>;
    timeout?: string;
  }

  interface SSE {
    /** Reads an event stream; the handlers run in this VU. Blocks until the stream ends. */
    open(url: string, params: OpenParams, setup: (client: Client) => void): OpenResponse;
    /**
     * Sends a request and records its token stream, or its one document; throws only for wrong arguments, never for what a
     * server does. Null if the run ended before the request was due. Absent in the community extension.
     */
    record?(
      url: string,
      params: RecordParams,
      dialect: import("../lib/core/request/dialect.ts").Dialect | string,
    ): import("../lib/core/request/facts.ts").Facts | null;
    configure?(configuration: Configuration): void;
    /**
     * Opens this VU's connection with a GET, keeps it, and waits until `together` VUs have done the same (10 seconds at
     * most). No samples, no journal line; the first request reports a failure.
     */
    connect?(url: string, together: number): void;
    /**
     * Waits until few enough other VUs run JavaScript: when hundreds of streams end at once, their VUs would otherwise take
     * the cores from the readers of other streams. `record` returns the turn while it waits, and takes one again before it
     * returns. Call it first in an iteration, and `leave` before anything else that waits, such as a sleep.
     */
    enter?(): void;
    leave?(): void;
    /** Adds a value to each of the metrics that `configure` registered, in their order; undefined adds none. */
    samples?(values: (number | boolean | undefined)[], tags?: Record<string, string>): void;
    /**
     * The JSON lines of a file (absolute path) as a list: read once per process; a line is parsed when it is accessed. For
     * the init context.
     */
    rows?<T>(path: string): T[];
    /** Counts an arrival that is not sent in k6's `dropped_iterations`. */
    drop?(tags?: Record<string, string>): void;
    /** Milliseconds since the process's epoch. */
    now?(): number;
    /** How many milliseconds ago a moment of `sendAt` was, skipped pauses taken off; below 0 for one to come. */
    late?(sendAt: number): number;
    /** The arrival of this iteration is over; for `keepIdle`. Not after `drop`. */
    finish?(): void;
    /** Writes a line of your own to the journal; the object must have a `type`. */
    journal?(line: object): void;
    /**
     * Texts that are replaced by "(hidden)" wherever this process writes or returns a part of an answer: keys, which
     * servers may repeat. For the init context, once.
     */
    hide?(secrets: string[]): void;
    /** Writes a text to the standard output when the process ends: below k6's own summary, if `handleSummary` returns nothing. */
    print?(text: string): void;
    /** Version of this extension. */
    version?: string;
  }

  const sse: SSE;
  export default sse;
}
