// Which requests meet service level objectives, and how the objectives are written.
import { describe, expect, it } from "vitest";
import { OptionError } from "../option-error.ts";
import type { Facts } from "../request/facts.ts";
import { toRequestMetrics } from "../request/request-metrics.ts";
import { meetsSlos } from "./goodput.ts";
import { parseSlos } from "./slo.ts";

/** Sent at 100, first token at 300, last at 1,200, over at 1,250 ms; ten tokens. */
const complete: Facts = {
  status: 200,
  startMs: 90,
  sentMs: 100,
  headersMs: 200,
  firstTokenMs: 300,
  firstContentMs: 300,
  lastTokenMs: 1200,
  endMs: 1250,
  stamps: "kernel",
  tokenEvents: 10,
  contentEvents: 10,
  mergedTokens: 0,
  reads: 12,
  events: 12,
  bytes: 1000,
  requestBytes: 100,
  ended: "marker",
  reused: true,
  fields: { completionTokens: 10, promptTokens: 5, finishReason: "stop" },
} as unknown as Facts;

const without = (...keys: (keyof Facts)[]) =>
  Object.fromEntries(
    Object.entries(complete).filter(([key]) => !keys.includes(key as keyof Facts)),
  ) as unknown as Facts;
const judge = (slos: string[], facts: Facts) =>
  meetsSlos(parseSlos(slos, "`--slo`"), facts, toRequestMetrics(facts));

const interrupted = (endMs: number): Facts => ({
  ...without("firstTokenMs", "firstContentMs", "lastTokenMs"),
  tokenEvents: 0,
  contentEvents: 0,
  fields: {},
  ended: "error",
  error: { kind: "interrupted", message: "the run ended" },
  endMs,
});

describe("a request is good where", () => {
  it.each<[string, string[], Facts, boolean | undefined]>([
    ["its TTFT is the limit", ["ttft=200ms"], complete, true],
    ["its TTFT is longer", ["ttft=199ms"], complete, false],
    ["its TPOT is within the limit", ["tpot=100ms"], complete, true],
    ["its TPOT is longer", ["tpot=99ms"], complete, false],
    ["its E2E is longer", ["e2e=1.1s"], complete, false],
    ["one of two objectives is missed", ["ttft=200ms", "e2e=1s"], complete, false],
    ["it was due long before it was sent", ["ttft=200ms"], { ...complete, scheduledMs: 50 }, false],
    ["the wait for a free client is in its E2E", ["e2e=1200ms"], { ...complete, scheduledMs: 0 }, false],
    [
      "without usage its TPOT is judged by its token events",
      ["tpot=1ms"],
      { ...complete, fields: { finishReason: "stop" } },
      false,
    ],
    ["with a single token its TPOT cannot be judged", ["tpot=1ms"], { ...complete, tokenEvents: 1 }, true],
    [
      "no token came at all",
      ["ttft=10s"],
      { ...without("firstTokenMs", "firstContentMs", "lastTokenMs"), tokenEvents: 0, contentEvents: 0 },
      false,
    ],
    ["it failed quickly", ["e2e=10s"], { ...complete, status: 500, ended: "no_stream" } as Facts, false],
    ["it was stopped in time", ["ttft=500ms"], interrupted(400), undefined],
    ["it was stopped when its first token was overdue", ["ttft=500ms"], interrupted(700), false],
    ["it was stopped when its end was overdue", ["e2e=500ms"], interrupted(700), false],
  ])("%s", (_, slos, facts, expected) => {
    expect(judge(slos, facts)).toBe(expected);
  });
});

describe("objectives", () => {
  it("accept all common notations", () => {
    expect(parseSlos(["ttft=500ms", "TPOT=0.05s", "e2e<=10s", "ttfo:1s"], "`--slo`")).toEqual([
      { metric: "ttft", limitMs: 500 },
      { metric: "tpot", limitMs: 50 },
      { metric: "e2e", limitMs: 10_000 },
      { metric: "ttfo", limitMs: 1000 },
    ]);
  });

  it.each([
    [["latency=5s"], "expected one of ttft, ttfo, tpot, e2e with a limit"],
    [["ttft"], "expected one of ttft"],
    [["ttft=500"], "a time above 0 with its unit after `ttft`"],
    [["ttft=0ms"], "a time above 0"],
    [["ttft=1s", "ttft=2s"], "`ttft` has two limits"],
  ])("%j are refused", (texts, words) => {
    expect(() => parseSlos(texts, "`--slo`")).toThrow(OptionError);
    expect(() => parseSlos(texts, "`--slo`")).toThrow(words);
  });
});
