// Requests of every kind for the tests of exports: all fates, odd strings, whole answers, conversations.
import type { RequestLine } from "../../../lib/core/request/facts.ts";
import { failed, mixed, request } from "./example-journal.ts";

/** Characters that are special in CSV, XML, Markdown and UTF-8. */
export const ODD_TEXT = '=1+1, "quoted"; <a> & ]]> ]]> | tab\there\r\nnext\u0001 ünï 🎉 \ud800';

/** What a spreadsheet gets of it. */
export const ODD_CELL = `'=1+1, "quoted"; <a> & ]]> ]]> | tab here next ünï 🎉`;

export function exampleRecords(count = 300): RequestLine[] {
  const { firstTokenMs: _, firstContentMs: __, lastTokenMs: ___, gapsUs: ____, ...whole } = request(901, 100);
  return [
    ...mixed(count),
    {
      ...whole,
      document: true,
      tokenEvents: 0,
      contentEvents: 0,
      contentType: "application/json",
      labels: { row: "doc-1", client: "12", phase: "measure", inputTokens: "18" },
    },
    failed(902, 200, "tcp", {
      error: { kind: "tcp", message: ODD_TEXT },
      labels: { row: ODD_TEXT, task: ODD_TEXT, client: "3", phase: "measure" },
    }),
    request(903, 300, {
      inBandError: "out of memory",
      labels: { row: "talk-1", conversation: "7", turn: "2", turns: "3", client: "3", phase: "cooldown" },
    }),
    request(904, 400, {
      // A count that is not a number, and one that exceeds every integer type.
      fields: { promptTokens: 12.5, completionTokens: 1e12, finishReason: "tool_calls" },
      labels: { client: "x", inputTokens: "many" },
    }),
    failed(905, 500, "aborted", { labels: { phase: "measure" } }),
  ];
}
