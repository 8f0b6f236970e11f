import { describe, expect, test } from "vitest";
import { compareWithProxy } from "./compare.ts";
import type { Exchange } from "./counting-proxy.ts";

const exchange = (more: Partial<Exchange> = {}): Exchange => ({
  request: { line: "POST /v1/chat/completions HTTP/1.1", bodyBytes: 100, isWhole: true },
  answer: { line: "HTTP/1.1 200 OK", bodyBytes: 500, isWhole: true },
  leftByClient: false,
  ...more,
});
const unanswered: Exchange = { request: exchange().request, leftByClient: false };
const beside = exchange({ request: { line: "GET /metrics HTTP/1.1", bodyBytes: 0, isWhole: true } });
const record = { bytes: 500, requestBytes: 100, retried: false };
const how = { endpoint: "chat", isSync: false, aborts: false } as const;

describe("compareWithProxy", () => {
  test.each([
    ["agrees where all is the same, whatever else is asked", [record], [beside, exchange()], []],
    ["agrees where a stale connection was met", [{ ...record, retried: true }], [unanswered, exchange()], []],
    [
      "finds a request that the journal lacks",
      [record],
      [exchange(), exchange()],
      ["requests", "bytes of requests", "bytes of answers"],
    ],
    ["finds a request without an answer", [record], [exchange(), unanswered], ["1 requests got no answer"]],
    ["finds bytes that the journal lacks", [{ ...record, bytes: 499 }], [exchange()], ["bytes of answers"]],
    ["finds a client that left", [record], [exchange({ leftByClient: true })], ["connections left"]],
  ])("%s", (_sentence, records, exchanges, expected) => {
    const { problems } = compareWithProxy(records, exchanges, how);
    expect(problems).toHaveLength(expected.length);
    for (const [index, begin] of expected.entries()) expect(problems[index]).toContain(begin);
  });

  test("wants every client to have left where all abort", () => {
    const aborts = { ...how, aborts: true };
    expect(compareWithProxy([record], [exchange({ leftByClient: true })], aborts).problems).toEqual([]);
    expect(compareWithProxy([record], [exchange()], aborts).problems).toEqual([
      "aborts: 1 in the journal, 0 at the proxy",
    ]);
  });
});
