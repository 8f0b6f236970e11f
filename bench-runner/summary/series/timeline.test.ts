import { describe, expect, test } from "vitest";
import { failed, request } from "../../../test/unit-support/examples/example-journal.ts";
import { SlowestRequests } from "./slowest.ts";
import { toTimeline } from "./timeline.ts";
import { toTokenTicks } from "./token-ticks.ts";

describe("SlowestRequests", () => {
  test("keeps the slowest measured requests, including failed ones, slowest first", () => {
    const slowest = new SlowestRequests(3);
    slowest.add(request(1, 0, { endMs: 500 }));
    slowest.add(request(2, 0, { endMs: 9000, labels: { phase: "warmup" } }));
    slowest.add(failed(3, 100, "idle_timeout", { endMs: 5000 }));
    slowest.add(request(4, 50, { endMs: 400 }));
    slowest.add(request(5, 0, { endMs: 800 }));
    slowest.add(request(6, 0, { endMs: 500 }));
    expect(slowest.toLines().map(({ id }) => id)).toEqual([3, 5, 1]);
  });

  test("a request that was never sent is timed from its start", () => {
    const slowest = new SlowestRequests(1);
    slowest.add(request(1, 0, { sentMs: 900, endMs: 1000 }));
    const { sentMs: _, ...never } = failed(2, 0, "connect_timeout", { endMs: 200 });
    slowest.add(never);
    expect(slowest.toLines()[0]?.id).toBe(2);
  });
});

describe("toTimeline", () => {
  test("has the moments of a request since its start", () => {
    const line = request(7, 2000, {
      labels: { row: "chat-1", client: "3", turn: "2", phase: "measure" },
      connectedMs: 2000.5,
    });
    expect(toTimeline(line, 500)).toEqual({
      row: "chat-1",
      client: "3",
      turn: "2",
      verdict: "complete",
      startSeconds: 1.5,
      connectedMs: 0.5,
      sentMs: 1,
      headersMs: 20,
      firstTokenMs: 100,
      lastTokenMs: 130,
      endMs: 135,
      tokensMs: [100, 110, 120, 130],
      promptTokens: 20,
      completionTokens: 4,
    });
  });

  test("a moment that was not reached is absent", () => {
    const { sentMs: _, headersMs: __, ...line } = failed(8, 0, "tcp", { endMs: 3 });
    expect(toTimeline(line, 0)).toEqual({
      row: "8",
      verdict: "refused",
      startSeconds: 0,
      endMs: 3,
      tokensMs: [],
    });
  });
});

describe("toTokenTicks", () => {
  test("at most 200 of 5,000 tokens remain: the ends, and both sides of the largest gaps", () => {
    const gapsUs = Array.from({ length: 4999 }, (_, index) => (index % 1000 === 500 ? 700_000 : 10_000));
    const lastTokenMs = 100 + gapsUs.reduce((sum, gap) => sum + gap, 0) / 1000;
    const ticks = toTokenTicks(request(1, 0, { tokenEvents: 5000, gapsUs, lastTokenMs, endMs: lastTokenMs }));
    expect(ticks.length).toBeLessThanOrEqual(200);
    expect(ticks.length).toBeGreaterThan(150);
    expect([ticks[0], ticks.at(-1)]).toEqual([100, lastTokenMs]);
    expect(ticks).toEqual([...ticks].sort((a, b) => a - b));
    // 500 gaps of 10 ms lie before the first large one, then 999 of them and a large one each time.
    for (const after of [0, 1, 2, 3, 4].map((nth) => 100 + 5000 + nth * (9990 + 700))) {
      expect(ticks).toContain(after);
      expect(ticks).toContain(after + 700);
    }
  });

  test("without a list of gaps the first and the last token remain; a single token gives one tick", () => {
    const { gapsUs: _, ...long } = request(1, 0, { tokenEvents: 20_000, gapHistogramUs: [[9000, 19_999]] });
    expect(toTokenTicks(long)).toEqual([100, 130]);
    expect(toTokenTicks({ ...long, tokenEvents: 1, lastTokenMs: 100 })).toEqual([100]);
  });
});
