import { describe, expect, it } from "vitest";
import type { RequestLine } from "../../../lib/core/request/facts.ts";
import type { Verdict } from "../../../lib/core/request/verdict.ts";
import { capacityOf, type QueueModel, serve } from "../../../test/unit-support/examples/queue-model.ts";
import type { Saturation } from "../summary.ts";
import { findSaturation, QueueTally } from "./saturation.ts";

interface Arrival {
  dueMs: number;
  endMs: number;
  verdict?: Verdict;
  status?: number;
}

function judge(arrivals: readonly Arrival[], dropped = 0): Saturation | undefined {
  const queue = new QueueTally();
  for (const { dueMs, endMs, verdict = "complete", status = 200 } of arrivals) {
    queue.add({ scheduledMs: dueMs, endMs, status } as RequestLine, verdict);
  }
  const endMs = Math.max(...arrivals.map((arrival) => arrival.endMs));
  return findSaturation(queue, { startMs: arrivals[0]?.dueMs ?? 0, endMs }, dropped);
}

/** The share of runs, by fixed seeds, that are judged saturated. */
function shareSaturated(model: QueueModel, use: number, requests: number): number {
  const runs = 200;
  let saturated = 0;
  for (let seed = 1; seed <= runs; seed += 1) {
    const served = serve(model, { perSecond: use * capacityOf(model), requests, seed: seed * 7 });
    if (judge(served)?.saturated) saturated += 1;
  }
  return saturated / runs;
}

describe("a queue whose capacity is known", () => {
  const models: [string, QueueModel][] = [
    ["one slot, exponential times", { slots: 1, service: "exponential", serviceMs: 1000 }],
    ["one slot, constant times", { slots: 1, service: "constant", serviceMs: 1000 }],
    ["eight slots, exponential times", { slots: 8, service: "exponential", serviceMs: 1000 }],
    ["eight slots, constant times", { slots: 8, service: "constant", serviceMs: 1000 }],
  ];
  it.each(models)(
    "%s: at four fifths of its capacity it is hardly ever judged saturated, at twice its capacity nearly always",
    (_, model) => {
      expect(shareSaturated(model, 0.8, 100)).toBeLessThan(0.1);
      expect(shareSaturated(model, 0.8, 200)).toBeLessThan(0.05);
      expect(shareSaturated(model, 2, 100)).toBeGreaterThan(0.85);
    },
  );
  it.each(models)(
    "%s: at 1.2 times its capacity it is found more often in longer runs, in 9 of 10 from 400 requests on",
    (_, model) => {
      const shares = [100, 200, 400].map((requests) => shareSaturated(model, 1.2, requests));
      expect(shares).toEqual([...shares].sort((a, b) => a - b));
      expect(shares[1]).toBeGreaterThan(0.7);
      expect(shares[2]).toBeGreaterThan(0.9);
    },
  );
  it("a server with 32 slots needs more requests than fill them a few times", () => {
    const model: QueueModel = { slots: 32, service: "constant", serviceMs: 1000 };
    expect(shareSaturated(model, 0.8, 400)).toBeLessThan(0.05);
    expect(shareSaturated(model, 1.2, 400)).toBeGreaterThan(0.85);
  });
});

/** One request every 100 ms; `toMs` gives the time that request n takes. */
function everyTenth(count: number, toMs: (index: number) => number, more: Partial<Arrival> = {}): Arrival[] {
  return Array.from({ length: count }, (_, index) => ({
    dueMs: index * 100,
    endMs: index * 100 + toMs(index),
    ...more,
  }));
}

describe("the requests left over", () => {
  it("are none if every request takes equally long", () => {
    expect(judge(everyTenth(100, () => 500))).toEqual({
      saturated: false,
      achievedShare: 1,
      queueGrowthPerSecond: expect.closeTo(0, 1),
    });
  });
  it("are those beyond the server's capacity: 10 per second arrive and 8 are possible", () => {
    const found = judge(everyTenth(400, (index) => 500 + index * 25));
    expect(found).toMatchObject({
      saturated: true,
      reason: expect.stringMatching(
        /^[12]\.\d+ of 9\.9\d+ requests per second were left over, so the queue grew$/,
      ),
    });
    expect(found?.achievedShare).toBeCloseTo(0.8, 1);
    expect(found?.queueGrowthPerSecond).toBeCloseTo(2, 0);
  });
  it.each<[string, Partial<Arrival>]>([
    ["timed out", { verdict: "timeout" }],
    ["were refused", { verdict: "refused" }],
    ["got a 503", { verdict: "http_error", status: 503 }],
    ["got a 429", { verdict: "http_error", status: 429 }],
  ])("counts requests that %s as waiting", (_, failed) => {
    const arrivals = everyTenth(200, () => 500).map((arrival, index) =>
      index % 4 === 0 ? { ...arrival, ...failed } : arrival,
    );
    expect(judge(arrivals)).toMatchObject({ saturated: true, achievedShare: expect.closeTo(0.75, 1) });
  });
  it("does not count requests that failed for another reason as waiting", () => {
    expect(judge(everyTenth(200, () => 500, { verdict: "http_error", status: 400 }))).toMatchObject({
      saturated: false,
    });
  });
  it("include those that were never sent", () => {
    expect(
      judge(
        everyTenth(90, () => 500),
        10,
      ),
    ).toMatchObject({
      saturated: true,
      reason: expect.stringMatching(/^10(\.\d+)? % of the requests were never sent$/),
    });
  });
  it("are none if the load rises and no request waits for it", () => {
    const dueMs = (index: number) => 10_000 * Math.sqrt(index / 40);
    const rising = Array.from({ length: 400 }, (_, index) => ({
      dueMs: dueMs(index),
      endMs: dueMs(index) + 2000,
    }));
    expect(judge(rising)).toMatchObject({ saturated: false });
  });
});

describe("there is no judgement", () => {
  it("for a closed loop", () => {
    const queue = new QueueTally();
    queue.add({ endMs: 5 } as RequestLine, "complete");
    expect(findSaturation(queue, { startMs: 0, endMs: 10 }, 0)).toBeUndefined();
  });
  it("for few requests", () => expect(judge(everyTenth(15, () => 500))).toBeUndefined());
  it("if no request ended in the first half of the window", () =>
    expect(judge(everyTenth(100, () => 6000))).toBeUndefined());
});
