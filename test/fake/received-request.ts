// What the fake server notes about each request: what it got, when, and what it sent.

import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { EventKind } from "./chunk.ts";

/**
 * How the answer ended: whole; cut by a fault; the client went away; `close()` came first; or not yet.
 * "whole" says that the plan was carried out, also where the plan has no finish reason or end marker.
 */
export type AnswerEnd = "open" | "whole" | "cut" | "client_left" | "server_closed";

export interface SentEvent {
  kind: EventKind | "ping";
  /** Given to the socket, Unix milliseconds with microsecond digits. */
  unixMs: number;
  bytes: number;
  /** Number of the write in its answer, from 0: events of one write left together. */
  write: number;
}

export interface ReceivedRequest {
  /** Counts all requests in the order of their arrival, from 0. */
  number: number;
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  httpVersion: string;
  /** Parsed JSON, or the text where it is none; undefined without a body. */
  body: unknown;
  /** The body was read, Unix milliseconds with microsecond digits. */
  arrivedUnixMs: number;
  /** Number of the TCP connection, from 1. */
  connection: number;
  /** The status that was sent; 0 while there is none. */
  status: number;
  ended: AnswerEnd;
  /** The answer ended, Unix milliseconds; 0 while it is open. */
  endedUnixMs: number;
  /** Token events that were sent whole (in an answer without a stream: its tokens). */
  sentTokens: number;
  /** As counted by the fake's tokenizer; 0 where nothing was generated. */
  promptTokens: number;
  cachedTokens: number;
  finishReason: string | null;
  /** Usage was sent. */
  sentUsage: boolean;
  /** With `logEvents`: each event at the moment of its write. */
  events: SentEvent[];
}

/** @returns now as Unix milliseconds on the monotonic clock. */
export function nowUnixMs(): number {
  return performance.timeOrigin + performance.now();
}

/** @returns the note of a request whose head has arrived. */
export function toNote(request: IncomingMessage, number: number, connection: number): ReceivedRequest {
  return {
    number,
    method: request.method ?? "",
    path: request.url ?? "",
    headers: request.headers,
    httpVersion: request.httpVersion,
    body: undefined,
    arrivedUnixMs: nowUnixMs(),
    connection,
    status: 0,
    ended: "open",
    endedUnixMs: 0,
    sentTokens: 0,
    promptTokens: 0,
    cachedTokens: 0,
    finishReason: null,
    sentUsage: false,
    events: [],
  };
}
