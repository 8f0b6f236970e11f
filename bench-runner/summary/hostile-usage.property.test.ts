// Whatever a server says of its tokens and times, a summary is valid by its schema and has no number that cannot be.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { DIALECTS } from "../../lib/core/apis/apis.ts";
import { createEventCollector } from "../../lib/core/request/event-facts.ts";
import type { FieldValue, RequestLine } from "../../lib/core/request/facts.ts";
import { config, outcome, request, writeJournal } from "../../test/unit-support/examples/example-journal.ts";
import { createSchemaCheck } from "../../test/unit-support/examples/schema-check.ts";
import { casesOf } from "../../test/unit-support/random-cases.ts";
import { summarize } from "./summarize.ts";

const folder = mkdtempSync(join(tmpdir(), "hostile-usage-"));
afterAll(() => rmSync(folder, { recursive: true }));
const records = join(folder, "records.jsonl");
const summaryFaults = createSchemaCheck("summary");
const recordFaults = createSchemaCheck("record");

/** As text, because JSON.stringify cannot write some of them. */
const hostile = fc.constantFrom(
  ...["-1", "0", "7", "2.5", "12.0", "-0.0", "1e308", "-1e308", "1e999", "9007199254740993", "1e15"],
  ...["null", "true", "false", '"7"', '"NaN"', '""', "[]", "{}", "[1]", '{"total":3}', "1e-9", "99999999999"],
);
const usage = fc
  .record({ prompt: hostile, completion: hostile, total: hostile, cached: hostile, reasoning: hostile })
  .map(
    (of) =>
      `{"prompt_tokens":${of.prompt},"completion_tokens":${of.completion},"total_tokens":${of.total},` +
      `"prompt_tokens_details":{"cached_tokens":${of.cached}},"completion_tokens_details":{"reasoning_tokens":${of.reasoning}}}`,
  );
const timings = fc
  .tuple(hostile, hostile, hostile)
  .map(
    ([n, prompt, predicted]) =>
      `{"cache_n":${n},"prompt_n":${n},"prompt_ms":${n},"prompt_per_second":${prompt},"predicted_per_second":${predicted}}`,
  );
const answer = fc.record({
  tokens: fc.nat(6),
  usages: fc.array(usage, { maxLength: 3 }),
  place: fc.constantFrom("event", "choice", "x_groq"),
  timings,
  finish: fc.constantFrom('"stop"', '""', "null", "false", "7", '"null"', '"length"'),
});

const choices = (text: string) => `"choices":[{"index":0,${text}}]`;

/** What the extension would write of the answer: the reader of JavaScript has the same rules. */
function toRequest(
  { tokens, usages, place, timings, finish }: typeof answer extends fc.Arbitrary<infer T> ? T : never,
  id: number,
): RequestLine {
  const { facts, gapsMs, add, finish: end } = createEventCollector(DIALECTS["chat-completions"], id * 100);
  let atMs = id * 100 + 5;
  const send = (data: string) => {
    atMs += 5;
    add(data, "", atMs);
  };
  for (let n = 0; n < tokens; n += 1)
    send(`{${choices(`"delta":{"content":" w"},"finish_reason":${finish}`)}}`);
  for (const told of usages) {
    if (place === "choice") send(`{${choices(`"delta":{},"usage":${told}`)}}`);
    else if (place === "x_groq") send(`{"choices":[],"x_groq":{"usage":${told}}}`);
    else send(`{"choices":[],"usage":${told},"timings":${timings}}`);
  }
  send("[DONE]");
  end();
  const { sentMs: _, ...given } = request(id, id * 100);
  return {
    ...{ type: "request", id, vu: 1, iteration: id, scenario: "default", labels: given.labels },
    ...facts,
    ...{ sentMs: facts.startMs, status: 200, contentType: "text/event-stream" },
    gapsUs: gapsMs.map((gap) => Math.round(gap * 1000)),
  };
}

async function check(lines: RequestLine[]): Promise<void> {
  writeJournal(records, lines);
  const summary = await summarize({ records, config, outcome });
  // As it is written: what JSON cannot say becomes null, which the schema refuses.
  expect(summaryFaults(JSON.parse(JSON.stringify(summary)))).toBe("");
  const { outputTokensPerSecond = 0, totalTokensPerSecond = 0 } = summary.throughput ?? {};
  expect(outputTokensPerSecond).toBeGreaterThanOrEqual(0);
  expect(totalTokensPerSecond).toBeGreaterThanOrEqual(0);
  expect(summary.metrics.completionTokens?.min ?? 0).toBeGreaterThanOrEqual(0);
  expect(summary.metrics.tpot?.min ?? 0).toBeGreaterThanOrEqual(0);
}

test("hostile usage in a stream gives valid lines and a valid summary", { timeout: 60_000 }, async () => {
  const property = fc.asyncProperty(fc.array(answer, { minLength: 1, maxLength: 4 }), async (answers) => {
    const lines = answers.map((one, index) => toRequest(one, index + 1));
    for (const line of lines) expect(recordFaults(line)).toBe("");
    await check(lines);
  });
  await fc.assert(property, { numRuns: casesOf(150) });
});

test("so does a journal whose fields are hostile themselves", { timeout: 60_000 }, async () => {
  const value: fc.Arbitrary<FieldValue> = fc.constantFrom<FieldValue>(
    ...[-1, 0, 7, 2.5, 1e308, -1e308, Number.MAX_SAFE_INTEGER + 2, "7", "NaN", true, false, 1e-9],
  );
  const names = Object.keys(DIALECTS["chat-completions"].fields).filter((name) => name !== "finishReason");
  const fields = fc.dictionary(fc.constantFrom(...names), value);
  const property = fc.asyncProperty(fc.array(fields, { minLength: 1, maxLength: 5 }), async (told) => {
    const toLine = (fields: Record<string, FieldValue>, index: number) =>
      request(index + 1, index * 100, { fields: { ...fields, finishReason: "stop" } });
    await check(told.map(toLine));
  });
  await fc.assert(property, { numRuns: casesOf(150) });
});
