import { describe, expect, test } from "vitest";
import type { Facts } from "./facts.ts";
import { toFlags } from "./flags.ts";
import { toVerdict } from "./verdict.ts";

const whole: Facts = {
  startMs: 0,
  sentMs: 1,
  headersMs: 2,
  firstTokenMs: 3,
  firstContentMs: 3,
  lastTokenMs: 4,
  endMs: 5,
  status: 200,
  ended: "marker",
  stamps: "kernel",
  mergedTokens: 0,
  tokenEvents: 2,
  contentEvents: 2,
  reasoningEvents: 0,
  toolCallEvents: 0,
  reads: 4,
  events: 4,
  malformedEvents: 0,
  bytes: 100,
  fields: { finishReason: "stop", completionTokens: 2, promptTokens: 1 },
  reused: true,
  retried: false,
  requestBytes: 10,
};
const { status: _, ...unanswered } = {
  ...whole,
  ended: "no_stream" as const,
  tokenEvents: 0,
  fields: {},
};
/** An answer that is one document. */
const sheet: Facts = { ...whole, document: true, tokenEvents: 0, contentEvents: 0, events: 1 };
const error = (kind: NonNullable<Facts["error"]>["kind"]) => ({ error: { kind, message: "…" } });

describe("toVerdict", () => {
  test.each([
    ["an answer with marker, tokens and finish reason is complete", whole, "complete"],
    [
      "the end of the run comes before everything else",
      { ...unanswered, ...error("interrupted") },
      "interrupted",
    ],
    [
      "hanging up on purpose is not a failure, even after tokens",
      { ...whole, ...error("aborted") },
      "aborted",
    ],
    ["an unknown host is refused", { ...unanswered, ...error("dns") }, "refused"],
    ["a closed port is refused", { ...unanswered, ...error("tcp") }, "refused"],
    ["a bad certificate is refused", { ...unanswered, ...error("tls") }, "refused"],
    ["a blocked address is refused", { ...unanswered, ...error("blocked") }, "refused"],
    ["a URL that cannot be dialled is refused", { ...unanswered, ...error("bad_url") }, "refused"],
    ["no connection in time is a timeout", { ...unanswered, ...error("connect_timeout") }, "timeout"],
    ["no headers in time is a timeout", { ...unanswered, ...error("headers_timeout") }, "timeout"],
    [
      "silence after the finish reason is a timeout",
      { ...whole, ended: "error", ...error("idle_timeout") },
      "timeout",
    ],
    ["503 is an http_error", { ...unanswered, status: 503 }, "http_error"],
    [
      "503 whose body broke off is an http_error",
      { ...unanswered, status: 503, ...error("reset") },
      "http_error",
    ],
    [
      "a redirect that is not followed is an http_error",
      { ...unanswered, ...error("redirect") },
      "http_error",
    ],
    ["200 with JSON instead of a stream is not_a_stream", { ...unanswered, status: 200 }, "not_a_stream"],
    ["an answer that is not HTTP is not_a_stream", { ...unanswered, ...error("protocol") }, "not_a_stream"],
    [
      "an event too large to read is not_a_stream, even after tokens",
      { ...whole, ended: "error", ...error("too_large") },
      "not_a_stream",
    ],
    [
      "HTTP broken after tokens is a cut",
      { ...whole, fields: {}, ended: "error", ...error("protocol") },
      "cut",
    ],
    [
      "an error event is error_in_band in spite of a finish reason",
      { ...whole, inBandError: "{}" },
      "error_in_band",
    ],
    ["a connection closed before the headers is a cut", { ...unanswered, ...error("eof") }, "cut"],
    ["a reset in mid-stream is a cut", { ...whole, fields: {}, ended: "error", ...error("reset") }, "cut"],
    ["a clean end without finish reason is a cut", { ...whole, fields: {}, ended: "eof" }, "cut"],
    [
      "a reset after the finish reason is complete",
      { ...whole, ended: "error", ...error("reset") },
      "complete",
    ],
    [
      "a choice without a finish reason is a cut in spite of the end marker",
      { ...whole, openChoices: 1 },
      "cut",
    ],
    ["a whole document with such a choice is a cut", { ...sheet, openChoices: 1 }, "cut"],
    ["a marker alone is empty", { ...whole, tokenEvents: 0, fields: {} }, "empty"],
    ["a finish reason without tokens is complete", { ...whole, tokenEvents: 0 }, "complete"],
    ["a document with a finish reason is complete", sheet, "complete"],
    [
      "a document without a finish reason is complete where usage says that it has tokens",
      { ...sheet, fields: { completionTokens: 2 } },
      "complete",
    ],
    ["a document of no tokens is empty", { ...sheet, fields: { completionTokens: 0 } }, "empty"],
    [
      "a document that is not the dialect's is not_a_stream",
      { ...sheet, fields: {}, ended: "eof" },
      "not_a_stream",
    ],
    [
      "a document that is an error is error_in_band",
      { ...sheet, fields: {}, inBandError: "{}" },
      "error_in_band",
    ],
    ["a document that broke off is a cut", { ...sheet, fields: {}, ended: "error", ...error("eof") }, "cut"],
    [
      "a document that is too large is not_a_stream",
      { ...sheet, fields: {}, ended: "error", ...error("too_large") },
      "not_a_stream",
    ],
    [
      "silence in a document is a timeout",
      { ...sheet, fields: {}, ended: "error", ...error("idle_timeout") },
      "timeout",
    ],
  ] as [string, Facts, string][])("%s", (_sentence, facts, verdict) => {
    expect(toVerdict(facts)).toBe(verdict);
  });
});

describe("toFlags", () => {
  test.each([
    ["a whole answer has none", whole, []],
    [
      "a failed request is not blamed for lacking usage and marker",
      { ...whole, fields: {}, ended: "error", ...error("reset") },
      [],
    ],
    [
      "a retried, truncated answer has both flags",
      { ...whole, fields: { finishReason: "length", completionTokens: 2 }, retried: true },
      ["truncated", "retried"],
    ],
    [
      "a complete answer without usage and marker has both flags",
      { ...whole, fields: { finishReason: "stop" }, ended: "eof" },
      ["no_usage", "no_end_marker"],
    ],
    [
      "a whole answer with an open choice has the flag that explains the cut",
      { ...whole, openChoices: 1 },
      ["open_choices"],
    ],
    ["an answer that broke off needs no such explanation", { ...whole, openChoices: 1, ended: "eof" }, []],
    ["a document has no flag for what only streams have", sheet, []],
    [
      "a document without usage that is a tool call says so by its finish reason",
      { ...sheet, fields: { finishReason: "tool_calls" } },
      ["no_usage", "tool_calls"],
    ],
  ] as [string, Facts, string[]][])("%s", (_sentence, facts, flags) => {
    expect(toFlags(facts, toVerdict(facts))).toEqual(flags);
  });
});
