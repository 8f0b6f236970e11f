// Types of the k6 extension `k6/x/sse`.

declare module "k6/x/sse" {
  /** Per-process set-up, in the init context; one VU's call is enough, others must be the same. */
  export interface Configuration {
    /** File that gets one line of facts a request; must not exist yet, its folder must. */
    journal?: string;
    /** Name of a Trend that gets the gaps between tokens of streams that ended properly, pushed from Go. */
    itlMetric?: string;
    /**
     * No such samples where the run is expected to bring more tokens than `tokens`: its iterations by `perRequest`, or
     * its clients by time and 100 tokens a second. Said once.
     */
    itlLimit?: { tokens: number; perRequest: number };
    /** The metrics of `samples`, in its order; a value is multiplied by its metric's factor. */
    metrics?: { name: string; type: "trend" | "counter" | "rate"; isTime?: boolean; factor?: number }[];
    /** Dialects by a name that `record` then takes: cheaper than an object in each VU. */
    dialects?: Record<string, import("../lib/core/request/dialect.ts").Dialect>;
  }

  export interface RecordParams {
    method?: string;
    headers?: Record<string, string>;
    body?: string;
    /** On every sample of this request, and among the labels of its line. Few values each. */
    tags?: Record<string, string>;
    /** On the line, and as metadata on the samples. As many values as you like. */
    labels?: Record<string, string>;
    /** Do not start before this moment: milliseconds of `now()`'s epoch. Recorded as `scheduledMs`. */
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

  /** An event of `open`, as the community extension gives it. */
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
     * Sends a request and records its token stream, or its one document; never throws for what a server does, only for wrong arguments.
     * Null where the run ended before the request was due: there was none. Absent in the community extension.
     */
    record?(
      url: string,
      params: RecordParams,
      dialect: import("../lib/core/request/dialect.ts").Dialect | string,
    ): import("../lib/core/request/facts.ts").Facts | null;
    configure?(configuration: Configuration): void;
    /**
     * Opens this VU's connection by a GET, keeps it, and waits until so many VUs have done the same (10 seconds at most).
     * No sample, no line of the journal; a failure is left to the first request.
     */
    connect?(url: string, together: number): void;
    /**
     * Waits until few enough other VUs run JavaScript: where hundreds of streams end at once, their VUs would else keep
     * the readers of the others from the cores. `record` gives the turn back while it waits, and takes one again before it
     * returns. Call it first in an iteration, and `leave` before whatever waits for something else, such as a sleep.
     */
    enter?(): void;
    leave?(): void;
    /** Adds a value to each of the metrics that `configure` registered, in their order; undefined adds none. */
    samples?(values: (number | boolean | undefined)[], tags?: Record<string, string>): void;
    /**
     * The JSON lines of a file (absolute path) as a list: read once a process, a line parsed when it is looked up. For the
     * init context.
     */
    rows?<T>(path: string): T[];
    /** Counts an arrival that is not sent in k6's `dropped_iterations`. */
    drop?(tags?: Record<string, string>): void;
    /** Milliseconds since the process's epoch. */
    now?(): number;
    /** Writes a line of your own into the journal; the object must have a `type`. */
    journal?(line: object): void;
    /**
     * Texts that are replaced by "(hidden)" in whatever this process writes or returns of an answer: keys, which servers
     * repeat. For the init context, once.
     */
    hide?(secrets: string[]): void;
    /** Version of this extension. */
    version?: string;
  }

  const sse: SSE;
  export default sse;
}
