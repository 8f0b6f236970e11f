import { describe, expect, it } from "vitest";
import {
  capacityOf,
  highestRate,
  type QueueModel,
  serve,
} from "../../../test/unit-support/examples/queue-model.ts";
import { findSaturation, QueueTally } from "../../summary/judge/saturation.ts";
import { findLimits, type JudgedLoad, planNext, type SweepStep } from "./plan-next.ts";
import type { SweepGoal } from "./sweep-goal.ts";

const rates: SweepGoal = {
  axis: "rate",
  loads: [1, 2, 4, 8, 16, 32, 64, 128],
  isJudged: true,
  goodputTarget: 0.95,
  precision: 0.02,
  maxPoints: 30,
  maxPointSeconds: 300,
};
const clients: SweepGoal = { ...rates, axis: "concurrency", loads: "auto", start: 1 };

interface Swept {
  points: JudgedLoad[];
  steps: SweepStep[];
  end: string;
}

function sweep(goal: SweepGoal, measure: (load: number, number: number) => Omit<JudgedLoad, "load">): Swept {
  const points: JudgedLoad[] = [];
  const steps: SweepStep[] = [];
  for (;;) {
    const step = planNext(goal, points);
    steps.push(step);
    if (step.kind === "end") return { points, steps, end: step.reason };
    points.push({ load: step.load, ...measure(step.load, points.length) });
  }
}

describe("against a queue whose capacity is known", () => {
  /** Enough requests that chance moves the answer by less than the tolerance. */
  const requests = 20_000;
  const wait = (model: QueueModel, limitMs: number) => (perSecond: number, number: number) => {
    const served = serve(model, { perSecond, requests, seed: 11 * number + 3 });
    const good = served.filter(({ dueMs, startMs }) => startMs - dueMs <= limitMs).length;
    return { meets: good / requests >= 0.95, isSaturated: isSaturated(served) };
  };

  function isSaturated(served: ReturnType<typeof serve>): boolean {
    const queue = new QueueTally();
    for (const [row, { dueMs, endMs }] of served.entries()) {
      queue.dueMs.put(row, dueMs);
      queue.leftMs.put(row, endMs);
    }
    return findSaturation(queue, { startMs: 0, endMs: served.at(-1)?.endMs ?? 0 }, 0)?.saturated ?? false;
  }

  it.each<[slots: number, serviceMs: number, limitMs: number]>([
    [1, 100, 200],
    [1, 100, 1000],
    [4, 100, 50],
    [8, 250, 250],
    [16, 1000, 100],
    [64, 2000, 500],
  ])(
    "%i slots of %i ms: the highest rate at which 19 of 20 wait at most %i ms is found within a twentieth",
    (slots, serviceMs, limitMs) => {
      const model: QueueModel = { slots, service: "exponential", serviceMs };
      const truth = highestRate(model, limitMs, 0.05);
      const { points, end } = sweep(rates, wait(model, limitMs));
      expect(end).toBe("found");
      const found = findLimits(points).meets?.load ?? 0;
      expect(Math.abs(found / truth - 1)).toBeLessThan(0.05);
      // Eight doublings at most, and six halvings of the last one.
      expect(points.length).toBeLessThan(15);
    },
  );

  it.each([1, 4, 32])(
    "%i slots of constant service: the rate at which the queue begins to grow is found within six hundredths",
    (slots) => {
      const model: QueueModel = { slots, service: "constant", serviceMs: 500 };
      const { points } = sweep(rates, (perSecond, number) => {
        const saturated = isSaturated(serve(model, { perSecond, requests, seed: 5 * number + 1 }));
        return { meets: !saturated, isSaturated: saturated };
      });
      const found = findLimits(points).meets?.load ?? 0;
      expect(Math.abs(found / capacityOf(model) - 1)).toBeLessThan(0.06);
    },
  );

  it("continues unchanged if resumed after any point", () => {
    const model: QueueModel = { slots: 4, service: "exponential", serviceMs: 100 };
    const { points, steps } = sweep(rates, wait(model, 50));
    for (const [count, step] of steps.entries())
      expect(planNext(rates, points.slice(0, count))).toEqual(step);
  });
});

/** A server with a number of slots, one per client: throughput rises with the clients up to that number. */
const slotted = (slots: number, most: number) => (load: number) => ({
  isSaturated: false,
  meets: load <= most,
  throughput: Math.min(load, slots) * 10,
  latencyMs: Math.max(1, load / slots) * 100,
});
const loadsOf = ({ points }: Swept) => points.map(({ load }) => load);

describe("loads of a list", () => {
  it("are measured in their order up to the first that saturates the server, and no more without a goal", () => {
    const swept = sweep({ ...rates, isJudged: false }, (load) => ({ isSaturated: load >= 8 }));
    expect(loadsOf(swept)).toEqual([1, 2, 4, 8]);
    expect(swept.end).toBe("saturation");
  });
  it("are all measured if none saturates it", () => {
    const swept = sweep({ ...rates, isJudged: false, loads: [1, 3] }, () => ({ isSaturated: false }));
    expect([loadsOf(swept), swept.end]).toEqual([[1, 3], "list"]);
  });
  it("end when twice the clients gain no throughput and each waits longer", () => {
    const swept = sweep({ ...clients, isJudged: false }, (load) => {
      const { meets: _, ...point } = slotted(6, 0)(load);
      return point;
    });
    expect([loadsOf(swept), swept.end]).toEqual([[1, 2, 4, 8, 16], "saturation"]);
  });
  it("continue after one that does not meet the goal, for the curve", () => {
    const swept = sweep({ ...rates, loads: [4, 8, 16] }, (load) => ({ isSaturated: false, meets: load < 7 }));
    expect(loadsOf(swept).slice(0, 3)).toEqual([4, 8, 16]);
  });
});

describe("halving", () => {
  it("finds the exact number of clients", () => {
    const swept = sweep({ ...clients, precision: 0.01 }, slotted(64, 21));
    expect(findLimits(swept.points)).toMatchObject({ meets: { load: 21 }, fails: { load: 22 } });
    expect(loadsOf(swept)).toEqual([1, 2, 4, 8, 16, 32, 24, 20, 22, 21]);
    expect(swept.end).toBe("found");
  });
  it("goes down from a rate that is too high already", () => {
    const swept = sweep({ ...rates, loads: [100] }, (load) => ({ isSaturated: false, meets: load <= 3 }));
    const { meets, fails } = findLimits(swept.points);
    expect(meets?.load).toBeLessThanOrEqual(3);
    expect(fails?.load).toBeLessThanOrEqual((meets?.load ?? 0) * 1.02);
  });
  it("gives up if no rate meets the goal", () => {
    const swept = sweep({ ...rates, loads: [8] }, () => ({ isSaturated: false, meets: false }));
    expect(loadsOf(swept)).toEqual([8, 4, 2, 1, 0.5, 0.25, 0.125]);
    expect(swept.end).toBe("none");
  });
  it("gives up if one client does not meet it", () => {
    const swept = sweep(clients, slotted(4, 0));
    expect([loadsOf(swept), swept.end]).toEqual([[1], "none"]);
  });
  it("trusts the lowest load that fails, even if a higher one meets the goal by chance", () => {
    const swept = sweep({ ...rates, loads: [2, 4, 8] }, (load) => ({
      isSaturated: false,
      meets: (load !== 4 && load < 3.5) || load === 8,
    }));
    expect(findLimits(swept.points).meets?.load).toBeLessThan(3.5);
  });
  it("ends at the maximum number of points", () => {
    const swept = sweep({ ...rates, maxPoints: 4 }, (load) => ({ isSaturated: false, meets: load < 5 }));
    expect([swept.points.length, swept.end]).toEqual([4, "points"]);
  });
  it("does not begin if every load meets the goal", () => {
    const swept = sweep({ ...rates, loads: [1, 2] }, () => ({ isSaturated: false, meets: true }));
    expect([loadsOf(swept), swept.end]).toEqual([[1, 2], "list"]);
  });
});
