import { describe, expect, it } from "vitest";
import { toClock } from "../../platform/clock-text.ts";
import { toLiveLine, toRemainingMs } from "./progress-line.ts";

const facts = { elapsedMs: 12_000, totalMs: 600_000, done: 14, expected: 32, inFlight: 4, failed: 0 };

describe("the live line", () => {
  it("shows everything once it is known", () => {
    expect(toLiveLine({ ...facts, tokensPerSecond: 201.4, ttftMeanMs: 105.2 })).toBe(
      "0:12 / 10:00 · about 0:15 left · 14/32 done · 4 in flight · 0 failed · 201 tokens/s · TTFT mean 105.2 ms",
    );
  });

  it("leaves out what is not known yet", () => {
    expect(toLiveLine({ ...facts, done: 0, elapsedMs: 1000 })).toBe(
      "0:01 / 10:00 · 9:59 left · 0/32 done · 4 in flight · 0 failed",
    );
  });

  it("says that only open requests are left when the time is over", () => {
    expect(toLiveLine({ ...facts, elapsedMs: 601_000 })).toContain(
      "10:01 / 10:00 · open requests end · 14/32",
    );
  });
});

describe("the time left", () => {
  const rows: [string, Partial<typeof facts>, number][] = [
    ["goes by the duration until five requests are done", { done: 4 }, 588_000],
    ["goes by the pace then: 12 s for 12 requests, 20 are left", { done: 12 }, 20_000],
    ["goes by the duration where that ends first", { done: 12, expected: 10_000 }, 588_000],
    ["is none when all are done", { done: 32 }, 0],
    ["is never negative", { done: 1, elapsedMs: 700_000 }, 0],
  ];
  it.each(rows)("%s", (_, change, expected) => {
    expect(toRemainingMs({ ...facts, ...change })).toBe(expected);
  });
});

describe("a clock", () => {
  it.each([
    [0, "0:00"],
    [7_400, "0:07"],
    [59_600, "1:00"],
    [750_000, "12:30"],
    [3_723_000, "1:02:03"],
  ])("shows %d ms as %s", (ms, text) => {
    expect(toClock(ms)).toBe(text);
  });
});
