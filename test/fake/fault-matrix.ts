// Every fault of the fake server, and what a request that meets it is called.
import type { ErrorKind } from "../../lib/core/request/facts.ts";
import type { Flag } from "../../lib/core/request/flags.ts";
import type { Verdict } from "../../lib/core/request/verdict.ts";
import type { Behaviour } from "./fake-server.ts";

export interface FaultCase {
  /** An English phrase; it is in the prompt, by which the server knows the case. */
  name: string;
  behaviour: Behaviour;
  verdict: Verdict;
  flags?: Flag[];
  errorKind?: ErrorKind | ErrorKind[];
  tokens: number;
  status?: number;
  /** It takes a connection that serves one request at a time. */
  http1Only?: true;
  /** Over HTTP/2 the case before leaves the connection as it was, so that it is a kept one. */
  keptOverHttp2?: true;
}

const TOKENS = 16;
const whole = { verdict: "complete", tokens: TOKENS, status: 200 } as const;

/** In an order that matters: cases that leave a connection in a bad state come before a case that tolerates it. */
export const FAULT_CASES: FaultCase[] = [
  { name: "a plain answer", behaviour: {}, ...whole },
  {
    name: "an orderly close in the middle",
    behaviour: { fault: { kind: "fin", afterTokens: 3 } },
    verdict: "cut",
    errorKind: "eof",
    tokens: 3,
    status: 200,
  },
  {
    name: "a reset in the middle",
    behaviour: { tokenDelayMs: 100, fault: { kind: "rst", afterTokens: 3 } },
    verdict: "cut",
    errorKind: ["reset", "eof"],
    tokens: 3,
    status: 200,
  },
  {
    name: "a close inside an event",
    behaviour: { fault: { kind: "half_event", afterTokens: 3 } },
    verdict: "cut",
    errorKind: "eof",
    tokens: 3,
    status: 200,
  },
  {
    name: "a body that ends early with its connection",
    http1Only: true,
    behaviour: { untilClose: true, fault: { kind: "fin", afterTokens: 3 } },
    verdict: "cut",
    tokens: 3,
    status: 200,
  },
  {
    name: "silence after some tokens",
    behaviour: { fault: { kind: "stall", afterTokens: 3 } },
    verdict: "timeout",
    errorKind: "idle_timeout",
    tokens: 3,
    status: 200,
  },
  {
    name: "no answer at all",
    behaviour: { fault: { kind: "no_headers" } },
    verdict: "timeout",
    errorKind: "headers_timeout",
    tokens: 0,
  },
  {
    name: "headers and then nothing",
    behaviour: { fault: { kind: "no_first_token" } },
    verdict: "timeout",
    errorKind: ["first_token_timeout", "idle_timeout"],
    tokens: 0,
    status: 200,
  },
  {
    name: "pings and nothing else",
    behaviour: { fault: { kind: "ping_only" } },
    verdict: "timeout",
    errorKind: "first_token_timeout",
    tokens: 0,
    status: 200,
  },
  {
    name: "an answer that never ends",
    behaviour: { tokens: 1000, tokenDelayMs: 100 },
    verdict: "timeout",
    errorKind: "total_timeout",
    tokens: -1,
    status: 200,
  },
  {
    name: "a close before the headers",
    keptOverHttp2: true,
    behaviour: { fault: { kind: "cut_before_headers" } },
    verdict: "cut",
    errorKind: "eof",
    tokens: 0,
  },
  {
    name: "a reset before the headers",
    behaviour: { fault: { kind: "cut_before_headers", end: "rst" } },
    verdict: "cut",
    errorKind: ["reset", "eof"],
    tokens: 0,
  },
  {
    name: "a malformed event",
    behaviour: { fault: { kind: "malformed_event", afterTokens: 3 } },
    ...whole,
    flags: ["malformed_events"],
  },
  {
    name: "an error as the first event",
    behaviour: { fault: { kind: "error_event", afterTokens: 0 } },
    verdict: "error_in_band",
    tokens: 0,
    status: 200,
  },
  {
    name: "an error among the tokens",
    behaviour: { fault: { kind: "error_event", afterTokens: 3 } },
    verdict: "error_in_band",
    tokens: 3,
    status: 200,
  },
  { name: "events after the end", behaviour: { fault: { kind: "events_after_done", events: 3 } }, ...whole },
  {
    name: "an empty answer",
    behaviour: { fault: { kind: "empty_answer" } },
    verdict: "empty",
    tokens: 0,
    status: 200,
  },
  {
    name: "an answer that stops at once",
    behaviour: { fault: { kind: "stop_at_once" } },
    verdict: "complete",
    flags: ["no_tokens"],
    tokens: 0,
    status: 200,
  },
  { name: "an answer that is compressed", behaviour: { fault: { kind: "gzip" } }, ...whole },
  {
    name: "neither finish nor end",
    behaviour: { finishReason: null, endMarker: false },
    verdict: "cut",
    tokens: TOKENS,
    status: 200,
  },
  { name: "a finish without an end", behaviour: { endMarker: false }, ...whole, flags: ["no_end_marker"] },
  {
    name: "an end without a finish",
    behaviour: { finishReason: null },
    ...whole,
    flags: ["no_finish_reason"],
  },
  { name: "no usage", behaviour: { usage: "never" }, ...whole, flags: ["no_usage"] },
  { name: "a truncated answer", behaviour: { finishReason: "length" }, ...whole, flags: ["truncated"] },
  { name: "a filtered answer", behaviour: { finishReason: "content_filter" }, ...whole, flags: ["filtered"] },
  {
    name: "calls of tools",
    behaviour: { tokens: 0, toolCallTokens: 4 },
    ...whole,
    flags: ["tool_calls"],
    tokens: 4,
  },
  { name: "thoughts before the answer", behaviour: { reasoningTokens: 8 }, ...whole, tokens: TOKENS + 8 },
  { name: "line ends of two characters", behaviour: { lineEnd: "crlf" }, ...whole },
  { name: "line ends of the old kind", behaviour: { lineEnd: "cr" }, ...whole },
  { name: "a byte order mark", behaviour: { bom: true }, ...whole },
  { name: "an answer in pieces of five bytes", behaviour: { pieceBytes: 5 }, ...whole },
  { name: "pings between tokens", behaviour: { tokenDelayMs: 20, pingEveryMs: 5 }, ...whole },
  { name: "events without text", behaviour: { emptyDeltas: 4 }, ...whole },
  { name: "events of a megabyte", behaviour: { tokenBytes: 1 << 20, tokens: 3 }, ...whole, tokens: 3 },
  {
    name: "a refusal for want of a key",
    behaviour: { status: 401 },
    verdict: "http_error",
    tokens: 0,
    status: 401,
  },
  { name: "nothing there", behaviour: { status: 404 }, verdict: "http_error", tokens: 0, status: 404 },
  { name: "a busy server", behaviour: { status: 503 }, verdict: "http_error", tokens: 0, status: 503 },
  {
    name: "a proxy's error page",
    behaviour: { status: 502, contentType: "text/html", body: "<html>Bad Gateway</html>" },
    verdict: "http_error",
    tokens: 0,
    status: 502,
  },
  {
    name: "an error without a body",
    behaviour: { status: 500, contentType: "", body: "" },
    verdict: "http_error",
    tokens: 0,
    status: 500,
  },
  {
    name: "an error of many megabytes",
    behaviour: { status: 500, contentType: "text/plain", body: "x".repeat(20 << 20) },
    verdict: "http_error",
    tokens: 0,
    status: 500,
  },
  {
    name: "a loop of redirects",
    behaviour: { redirect: { status: 307 } },
    verdict: "http_error",
    errorKind: "redirect",
    tokens: 0,
    status: 307,
  },
  {
    name: "a whole answer in JSON instead of a stream",
    behaviour: { contentType: "application/json", body: '{"choices":[{"message":{"content":"hello"}}]}' },
    verdict: "not_a_stream",
    tokens: 0,
    status: 200,
  },
  {
    name: "a page to sign in",
    behaviour: { contentType: "text/html", body: "<html>Please sign in</html>" },
    verdict: "not_a_stream",
    tokens: 0,
    status: 200,
  },
  {
    name: "a connection that closes when idle",
    behaviour: { fault: { kind: "close_idle", afterMs: 0 } },
    ...whole,
  },
  {
    name: "a connection that closes at the next request",
    http1Only: true,
    behaviour: { fault: { kind: "close_on_reuse" } },
    ...whole,
  },
  { name: "the request after that", http1Only: true, behaviour: {}, ...whole, flags: ["retried"] },
  {
    name: "a connection that is reset at the next request",
    http1Only: true,
    behaviour: { fault: { kind: "close_on_reuse", end: "rst" } },
    ...whole,
  },
  { name: "the request after the reset", http1Only: true, behaviour: {}, ...whole, flags: ["retried"] },
  { name: "a plain answer at the end", behaviour: {}, ...whole },
];

/** What the message of an error says, by its kind. */
export const ERROR_MESSAGES: { [K in ErrorKind]?: RegExp } = {
  headers_timeout: /^no response headers after 1s$/,
  first_token_timeout: /^no token after 1s$/,
  idle_timeout: /^silence between two reads after 1s$/,
  total_timeout: /^the request was still open after 2s$/,
  redirect: /redirect/,
  reset: /reset|stream error/i,
  eof: /the connection ended before the answer did|closed|EOF|GOAWAY/,
};
