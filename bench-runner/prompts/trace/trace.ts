// A trace to replay: the arrival times of requests, and the lengths of their prompts and answers.
import type { TraceFormat } from "./trace-formats.ts";

export interface TraceRequest {
  /** From the first request of the replay, after the speed-up; in ms, to the microsecond. */
  offsetMs: number;
  /** 1 or more. */
  promptTokens: number;
  /** 1 or more. */
  outputTokens: number;
  /** The blocks of 512 tokens that the prompt consists of: equal numbers are equal blocks. */
  blocks?: number[];
}

export interface TraceOptions {
  /** Recognised automatically if absent. */
  format?: TraceFormat;
  /** Above 0; 2 plays the trace twice as fast. */
  speedUp: number;
  /** Where the window begins, in seconds of the trace's own time after its earliest request. */
  fromSeconds: number;
  /** How long the window is, in seconds of the trace's own time; to the end if absent. */
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
  /** Reading stopped before this line, because too many consecutive rows were later than the window. */
  unreadFromLine?: number;
}
