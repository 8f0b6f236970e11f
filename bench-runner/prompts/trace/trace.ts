// A trace to replay: when requests arrived somewhere, and how long their prompts and answers were.
import type { TraceFormat } from "./trace-formats.ts";

export interface TraceRequest {
  /** From the first request of the replay, after the speed-up; in ms, to the microsecond. */
  offsetMs: number;
  /** 1 or more. */
  promptTokens: number;
  /** 1 or more. */
  outputTokens: number;
  /** What the prompt consists of, in parts of 512 tokens: equal numbers are equal parts. */
  blocks?: number[];
}

export interface TraceOptions {
  /** Recognised by itself where absent. */
  format?: TraceFormat;
  /** Above 0; 2 plays the trace twice as fast. */
  speedUp: number;
  /** Where the window begins, in seconds of the trace's own time after its earliest request. */
  fromSeconds: number;
  /** How long the window is, in seconds of the trace's own time; to the end where absent. */
  forSeconds?: number;
  /** More than this in the window is an error. */
  mostRequests: number;
}

export interface Trace {
  format: TraceFormat;
  /** By time; requests of the same time stay in the file's order. */
  requests: TraceRequest[];
  /** Rows that are not replayed: outside of the window; inside, but with 0 output tokens, as BurstGPT marks failures. */
  leftOut: { beforeWindow: number; afterWindow: number; withoutOutput: number };
  /** The line from which on nothing was read, because far too many rows in a row were later than the window. */
  unreadFromLine?: number;
}
