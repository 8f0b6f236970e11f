// A dialect: plain data on where a server's API puts its tokens, values, end and errors, for the stream reader.
//
// Paths are dotted; a number is an array index, `*` any element: "choices.0.delta.content", "output.*.text".

/** What a token event carries. */
export type TokenKind = "content" | "reasoning" | "tool_call";

/**
 * A predicate on the same event: the value at `path` equals `equals`, or, without `equals`, is not null.
 * For SSE, the path "@event" is the event's name.
 */
export interface When {
  path: string;
  equals?: string | boolean;
}

export interface TokenPath {
  /** A non-empty string here makes the event a token event. */
  path: string;
  kind: TokenKind;
  when?: When;
}

/** Where a value is; with a predicate it counts only in events that fit. */
export type ValuePath = string | { path: string; when: When };

/** One place, or several whose numbers are summed. */
export type ValueGroup = ValuePath | readonly ValuePath[];

export interface Dialect {
  name: string;
  /**
   * `nul`: JSON texts that each end with a zero byte or a line feed. `json`: no stream, the whole body is one document;
   * it ends the answer if it is JSON with a field or an error.
   */
  framing: "sse" | "ndjson" | "nul" | "json";
  /**
   * Where tokens are; an event that matches several is one token event, of the first kind that matches in this order.
   * In a document there are no token events: these are the places of its text.
   */
  tokens: readonly TokenPath[];
  /** The text at a token path is the whole answer so far: a token event is one whose text grew. */
  cumulative?: boolean;
  /** Last non-null scalar of each place, under the given name; with `either`, of the first group that has one. */
  fields: Record<string, ValueGroup | { either: readonly ValueGroup[] }>;
  /** The field whose presence is a finish reason: a stream that has one ended properly. */
  finishField: string;
  /**
   * What ends a stream: a payload (compared with the event's data after trimming), a predicate or one of several, or, in
   * an API without an end marker, the end of the body after at least one event.
   */
  end: { data?: string; when?: When | readonly When[]; body?: true };
  /** Paths at which a non-null value means that the server reports an error inside the stream. */
  errors: readonly string[];
  /** Media types of an answer, lower case, without parameters; requests ask for the first. Empty: the server sends none. */
  contentTypes: readonly string[];
}
