import { describe, expect, it } from "vitest";
import type { Statistics } from "../../statistics/statistics.ts";
import { planCalibration } from "./calibration-plan.ts";

const config = { vus: 8, iterations: 500, load: { maxTokens: 100, sleep: 0 } };
const of = (median: number) => ({ median }) as Statistics;

describe("planCalibration", () => {
  it("takes 20 ms and 200 ms without a run", () => {
    // A request takes 200 + 100 · 20 = 2,200 ms: 5 of each client fit into 12 s.
    expect(planCalibration(config)).toEqual({
      tokens: 100,
      paceMs: 20,
      firstTokenMs: 200,
      clients: 8,
      iterations: 40,
      seconds: 30,
    });
  });

  it("takes pace, first token and length from the run", () => {
    const metrics = { tpot: of(35.5), ttft: of(640), completionTokens: of(61) };
    expect(planCalibration(config, { metrics })).toMatchObject({
      tokens: 61,
      paceMs: 35.5,
      firstTokenMs: 640,
    });
  });

  it.each([
    ["slow answers", { tpot: of(900), ttft: of(60_000), completionTokens: of(512) }],
    ["very long answers", { tpot: of(20), ttft: of(100), completionTokens: of(100_000) }],
    ["answers of one token", { ttft: of(100), completionTokens: of(1) }],
  ])("keeps within 30 s with %s", (_, metrics) => {
    const plan = planCalibration(config, { metrics });
    const rounds = Math.ceil(plan.iterations / plan.clients);
    expect(plan.tokens).toBeGreaterThanOrEqual(2);
    expect(rounds).toBeGreaterThanOrEqual(1);
    expect(rounds * (plan.firstTokenMs + plan.tokens * plan.paceMs)).toBeLessThan(30_000);
  });

  it("sends no more requests than the run", () => {
    expect(planCalibration({ ...config, iterations: 10 }).iterations).toBe(10);
  });
});
