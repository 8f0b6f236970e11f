import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { createRandom } from "../../lib/core/prompts/random.ts";
import type { RequestLine } from "../../lib/core/request/facts.ts";
import {
  config,
  failed,
  mixed,
  outcome,
  request,
  writeJournal,
} from "../../test/unit-support/examples/example-journal.ts";
import { createSchemaCheck } from "../../test/unit-support/examples/schema-check.ts";
import { compareWithJournal } from "../../test/unit-support/oracle/verify-summary.ts";
import type { PromptsUse } from "../run-folder/run-files.ts";
import { summarize } from "./summarize.ts";

const folder = mkdtempSync(join(tmpdir(), "groups-"));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, "records.jsonl");
const faults = createSchemaCheck("summary");

async function toSummary(lines: RequestLine[], prompts?: PromptsUse) {
  writeJournal(path, lines);
  const summary = await summarize({
    records: path,
    config: { ...config, ...(prompts && { prompts }) },
    outcome,
  });
  expect(faults(summary)).toBe("");
  expect(compareWithJournal(summary, path)).toEqual([]);
  return summary;
}

const named = (groups: { name: string; requests: number }[] | undefined) =>
  groups?.map(({ name, requests }) => [name, requests]);
const withTask = (id: number, task: string | undefined, more: Partial<RequestLine> = {}) =>
  request(id, id * 10, { labels: task === undefined ? {} : { task }, ...more });

describe("groups by task", () => {
  test("have the counts, rates, tokens and times calculated by hand", async () => {
    const { groups } = await toSummary([
      withTask(1, "code", {
        fields: {
          promptTokens: 30,
          cachedTokens: 10,
          completionTokens: 4,
          totalTokens: 34,
          finishReason: "length",
        },
      }),
      withTask(2, "chat", {
        firstTokenMs: 140,
        firstContentMs: 140,
        lastTokenMs: 149,
        gapsUs: [6000, 3000, 0],
      }),
      withTask(3, "code"),
      failed(4, 40, "tcp", { labels: { task: "code" } }),
    ]);
    expect(named(groups?.task)).toEqual([
      ["chat", 1],
      ["code", 3],
    ]);
    const [chat, code] = groups?.task ?? [];
    // TTFT: sent 1 ms after the start (20 → 21), first token at 140; for code 99 and 99
    expect(chat?.metrics.ttft).toMatchObject({ count: 1, mean: 119 });
    expect(chat?.metrics.itl).toMatchObject({ count: 3, max: 6, mean: 3 });
    expect(chat?.rates).toEqual({ success: 1, truncated: 0, stopped: 1 });
    expect(code?.byVerdict).toEqual({ complete: 2, refused: 1 });
    expect(code?.rates).toEqual({ success: 2 / 3, truncated: 0.5, stopped: 0.5 });
    // 30 + 20 prompt tokens, 10 of the request that reported its cached ones
    expect(code?.tokens).toEqual({ prompt: 50, cached: 10, completion: 8, estimatedRequests: 0 });
    expect(code?.metrics.ttft).toMatchObject({ count: 2, min: 99, max: 99 });
    expect(code?.metrics.itl).toMatchObject({ count: 6, min: 10, max: 10 });
    expect(code?.metrics).not.toHaveProperty("headers");
    expect(groups).not.toHaveProperty("turn");
  });

  test("are absent for a single task, and present for one task and requests without a task", async () => {
    expect((await toSummary([withTask(1, "chat"), withTask(2, "chat")])).groups).toBeUndefined();
    expect((await toSummary([withTask(1, undefined)])).groups).toBeUndefined();
    const { groups } = await toSummary([withTask(1, undefined), withTask(2, "chat")]);
    expect(named(groups?.task)).toEqual([
      ["chat", 1],
      ["without a task", 1],
    ]);
  });

  test("include only measured requests", async () => {
    const { groups } = await toSummary([
      withTask(1, "chat"),
      request(2, 20, { labels: { task: "code", phase: "warmup" } }),
    ]);
    expect(groups).toBeUndefined();
  });

  test("exist for each of the first 50 tasks, and for all others together", async () => {
    const lines = Array.from({ length: 120 }, (_, index) => withTask(index + 1, `task ${index % 60}`));
    const { groups } = await toSummary([...lines, withTask(200, undefined)]);
    expect(groups?.task).toHaveLength(52);
    expect(named(groups?.task)?.slice(-3)).toEqual([
      ["task 9", 2],
      ["other tasks", 20],
      ["without a task", 1],
    ]);
  });

  test("can have any text as names", async () => {
    const names = ["__proto__", "日本 😀", "a\nb", "toString", "x".repeat(500)];
    const { groups } = await toSummary(names.map((name, index) => withTask(index + 1, name)));
    expect(groups?.task?.map(({ name }) => name)).toEqual([...names].sort());
  });

  test("have counts and no statistics for a task without a complete request", async () => {
    const { groups } = await toSummary([withTask(1, "a"), failed(2, 20, "tcp", { labels: { task: "b" } })]);
    expect(groups?.task?.[1]).toEqual({
      name: "b",
      requests: 1,
      byVerdict: { refused: 1 },
      rates: { success: 0 },
      tokens: { estimatedRequests: 0 },
      metrics: {},
    });
  });
});

/** Conversations of 1 to `most` turns that continue until one of their requests does not complete, or the run ends. */
function talks(count: number, most: number): RequestLine[] {
  const random = createRandom(11);
  const fates = mixed(count * 4);
  return Array.from({ length: count }, (_, conversation) => {
    const turns = 1 + Math.floor(random() * most);
    const lines: RequestLine[] = [];
    while (lines.length < turns && random() > 0.02) {
      const line = fates.pop();
      if (line === undefined) break;
      const turn = lines.length + 1;
      const labels = { ...line.labels, turn: `${turn}`, turns: `${turns}`, conversation: `${conversation}` };
      lines.push({ ...line, labels: random() < 0.8 ? { ...labels, inputTokens: `${40 + turn}` } : labels });
      if (line.ended === "error" || line.error || line.inBandError || line.status !== 200) break;
    }
    return lines;
  }).flat();
}

describe("groups by turn", () => {
  test("have numbers, as do conversations, that follow from the journal by an independent calculation", async () => {
    const { groups, conversations, metrics } = await toSummary(talks(600, 6));
    expect(groups?.turn?.map(({ name }) => name)).toEqual(["1", "2", "3", "4", "5", "6"]);
    expect(groups?.task?.length).toBeGreaterThan(1);
    expect(groups?.turn?.[1]?.metrics.inputTokens).toMatchObject({ min: 42, max: 42 });
    expect(metrics.inputTokens).toMatchObject({ min: 41, max: 46 });
    expect(conversations?.failed).toBeGreaterThan(10);
    expect(conversations?.interrupted).toBeGreaterThan(1);
  });

  test("are in the order of their numbers, with those above 50 together", async () => {
    const lines = Array.from({ length: 60 }, (_, index) =>
      request(index + 1, index * 200, {
        labels: { turn: String(index + 1), turns: "60", conversation: "0" },
      }),
    );
    const { groups, conversations } = await toSummary(lines);
    expect(groups?.turn).toHaveLength(51);
    expect(named(groups?.turn)?.slice(8, 11)).toEqual([
      ["9", 1],
      ["10", 1],
      ["11", 1],
    ]);
    expect(named(groups?.turn)?.at(-1)).toEqual(["51+", 10]);
    expect(conversations).toMatchObject({ started: 1, completed: 1, turnsSent: 60, meanTurns: 60 });
  });
});

describe("prompts", () => {
  const prompts: PromptsUse = {
    source: "own.jsonl",
    rows: 2,
    countedBy: "server",
    counter: "/tokenize",
    whenOut: "repeat",
    longestAnswer: 64,
  };
  const turn = (id: number, number: number) =>
    request(id, id * 200, {
      labels: { turn: `${number}`, turns: "2", conversation: `${Math.ceil(id / 2)}` },
    });

  test("are repeated if more were sent than there are rows; later turns do not count", async () => {
    const two = [withTask(1, undefined), withTask(2, undefined)];
    expect((await toSummary(two, prompts)).prompts).toEqual({ ...prompts, repeated: false });
    expect((await toSummary([...two, withTask(3, undefined)], prompts)).prompts?.repeated).toBe(true);
    const four = [turn(1, 1), turn(2, 2), turn(3, 1), turn(4, 2)];
    expect((await toSummary(four, prompts)).prompts?.repeated).toBe(false);
    expect((await toSummary([...four, turn(5, 1)], prompts)).prompts?.repeated).toBe(true);
  });

  test("count in every phase of the run", async () => {
    const lines = [1, 2, 3].map((id) =>
      request(id, id, { labels: { phase: id < 3 ? "warmup" : "measure" } }),
    );
    expect((await toSummary(lines, prompts)).prompts?.repeated).toBe(true);
  });
});
