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

/** Where an error is; without a path, the whole event is one, where the predicate holds. */
export type ErrorPlace = string | { path?: string; when: When };

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
  /**
   * The field that is the finish reason: a stream that has one ended properly. Only a text that says something is one: not
   * `""`, `"null"`, `"none"` or `false`, which some servers send with each event.
   */
  finishField: string;
  /** Words that a finish reason contains, in letters of any case, if the server failed: an error inside the answer. */
  failures?: readonly string[];
  /** Fields that count tokens: whole numbers from 0. What cannot be a count is no value, and is noted (`badUsage`). */
  counts?: readonly string[];
  /** Keys of texts that are no part of an answer: they are not looked at where texts are missing (`unread`). */
  labels?: readonly string[];
  /**
   * Where an answer of several choices (`n`) has their list and, within each, its number and its finish reason. The finish
   * field has the place `LIST.*.FINISH`.
   */
  choices?: { list: string; index: string; finish: string };
  /** Later events repeat the texts of earlier ones: an unread text is looked for only where tokens are. */
  echoes?: true;
  /**
   * What ends a stream: a payload (compared with the event's data after trimming), a predicate or one of several, or, in
   * an API without an end marker, the end of the body after at least one event.
   */
  end: { data?: string; when?: When | readonly When[]; body?: true };
  /**
   * Where the server reports an error inside the stream: any value that says something (not null, `""`, 0, false, or an
   * object or list of nothing else). An SSE event named "error", or with a field `error`, is one in every dialect.
   */
  errors: readonly ErrorPlace[];
  /** Media types of an answer, lower case, without parameters; requests ask for the first. Empty: the server sends none. */
  contentTypes: readonly string[];
}
