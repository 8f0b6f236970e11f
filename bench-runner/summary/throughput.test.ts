import { expect, test } from "vitest";
import type { RequestLine } from "../../lib/core/request/facts.ts";
import { toVerdict } from "../../lib/core/request/verdict.ts";
import { request } from "../../test/unit-support/examples/example-journal.ts";
import { putThroughput } from "../../test/unit-support/oracle/verify-throughput.ts";
import type { Window } from "./summary.ts";
import { ThroughputSums } from "./throughput.ts";

/** Sent 1 ms after its start, ended 100 ms later; usage 20 + 4. */
function document(id: number, startMs: number, more: Partial<RequestLine> = {}): RequestLine {
  const {
    firstTokenMs: _,
    firstContentMs: __,
    lastTokenMs: ___,
    tokensBySecond: ____,
    ...line
  } = request(id, startMs);
  return {
    ...line,
    document: true,
    endMs: startMs + 101,
    contentType: "application/json",
    tokenEvents: 0,
    contentEvents: 0,
    events: 1,
    gapsUs: [],
    ...more,
  };
}

/** A stream that ended 100 ms after its start and showed no token. */
function withoutTokens(id: number, fields: RequestLine["fields"]): RequestLine {
  const { document: _, ...line } = document(id, 0, { fields });
  return line;
}

const window = (startMs: number, endMs: number, endedBy: Window["endedBy"] = "duration"): Window => ({
  startMs,
  endMs,
  seconds: (endMs - startMs) / 1000,
  endedBy,
});

test.each<[string, RequestLine[], Window, { requests: number; output?: number; prompt?: number }]>([
  [
    "a document inside the window counts whole",
    [document(1, 99)],
    window(0, 1000),
    { requests: 1, output: 4, prompt: 20 },
  ],
  [
    "a document that ends after the window counts with its part inside, without its prompt",
    [document(1, 974)],
    window(0, 1000),
    { requests: 0, output: 1, prompt: 0 },
  ],
  [
    "a document that was sent before the window counts with the rest, and its prompt",
    [document(1, 474)],
    window(500, 1000),
    { requests: 1, output: 3, prompt: 20 },
  ],
  [
    "a document longer than the window counts with the part inside",
    [document(1, 0, { endMs: 2001 })],
    window(1001, 1501),
    { requests: 0, output: 1, prompt: 0 },
  ],
  [
    "a document outside does not count",
    [document(1, 2000)],
    window(0, 1000),
    { requests: 0, output: 0, prompt: 0 },
  ],
  [
    "a document without usage has no known tokens",
    [document(1, 99, { fields: { finishReason: "stop" } })],
    window(0, 1000),
    { requests: 1 },
  ],
  [
    "the last end closes the window",
    [document(1, 0)],
    window(0, 101, "requests"),
    { requests: 1, output: 4, prompt: 20 },
  ],
  [
    "streams among documents count by their stamps",
    [document(1, 99), request(2, 885)],
    window(0, 1000),
    { requests: 1, output: 4 + 2, prompt: 20 + 20 },
  ],
  [
    "the tokens of a stream that showed none count at its end",
    [withoutTokens(1, { completionTokens: 200, promptTokens: 7, finishReason: "length" })],
    window(0, 1000),
    { requests: 1, output: 200, prompt: 7 },
  ],
  [
    "an answer that was cut off has no usage",
    [document(1, 0, { ended: "error", fields: {}, error: { kind: "reset", message: "…" } })],
    window(0, 1000),
    { requests: 0, output: 0 },
  ],
])("%s", (_sentence, lines, window, { requests, output, prompt }) => {
  const sums = new ThroughputSums(window);
  for (const line of lines) sums.add(line, toVerdict(line));
  const { seconds } = window;
  const { requestsPerSecond, outputTokensPerSecond, totalTokensPerSecond } = sums.toThroughput();
  expect(requestsPerSecond * seconds).toBeCloseTo(requests, 9);
  expect(outputTokensPerSecond === undefined).toBe(output === undefined);
  expect((outputTokensPerSecond ?? 0) * seconds).toBeCloseTo(output ?? 0, 9);
  expect(totalTokensPerSecond === undefined).toBe(prompt === undefined);
  expect((totalTokensPerSecond ?? 0) * seconds).toBeCloseTo(
    prompt === undefined ? 0 : (output ?? 0) + prompt,
    9,
  );

  const again: Record<string, number> = {};
  putThroughput(again, "", lines, window);
  expect(again[".outputTokensPerSecond"] ?? -1).toBeCloseTo(outputTokensPerSecond ?? -1, 9);
  expect(again[".totalTokensPerSecond"] ?? 0).toBeCloseTo(totalTokensPerSecond ?? 0, 9);
  expect(again[".requestsPerSecond"]).toBeCloseTo(requestsPerSecond, 9);
});
