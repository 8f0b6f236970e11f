import { describe, expect, test } from "vitest";
import { createRandom } from "../prompts/random.ts";
import { type ArrivalPlan, toArrivalOffsets } from "./arrivals.ts";
import { expectedArrivals, toMoments } from "./rate-curve.ts";
import { parseStages, type Stage, totalSeconds } from "./stages.ts";

const stagesOf = (text: string): Stage[] => {
  const stages = parseStages(text);
  if (stages === undefined) throw new Error(text);
  return stages;
};
const plan = (text: string, more: Partial<ArrivalPlan> = {}): ArrivalPlan => ({
  stages: stagesOf(text),
  process: "constant",
  burstiness: 1,
  seed: 42,
  ...more,
});
const gapsOf = (offsets: readonly number[]) => offsets.slice(1).map((at, i) => at - (offsets[i] as number));
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const variation = (values: readonly number[]) => {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2))) / middle;
};

describe("constant arrivals", () => {
  const rows: [string, string, number[]][] = [
    ["start at once and come evenly", "1s:5", [0, 200, 400, 600, 800]],
    ["are as many as fit, to the nearest", "1s:2.4", [0, 416.67]],
    ["change their pace with the stage", "1s:2,1s:4", [0, 500, 1000, 1250, 1500, 1750]],
    ["wait through a stage without any", "1s:2,2s:0,1s:2", [0, 500, 3000, 3500]],
    // ∫2t dt = t²: the n-th at √n seconds.
    ["come ever closer in a climb", "2s:0-4", [0, 1000, 1414.21, 1732.05]],
  ];
  test.each(rows)("%s", (_, text, expected) => {
    const offsets = toArrivalOffsets(plan(text));
    expect(offsets).toHaveLength(expected.length);
    for (const [i, at] of expected.entries()) expect(offsets[i]).toBeCloseTo(at, 1);
  });
});

describe("random arrivals", () => {
  const rows: [string, Partial<ArrivalPlan>, number][] = [
    ["a Poisson process has a coefficient of variation of 1", { process: "poisson" }, 1],
    ["gamma gaps of shape 0.25 have 2", { process: "gamma", burstiness: 0.25 }, 2],
    ["of shape 4 have 0.5", { process: "gamma", burstiness: 4 }, 0.5],
    ["of shape 1 are exponential", { process: "gamma", burstiness: 1 }, 1],
  ];
  test.each(rows)("%s", (_, more, expected) => {
    const gaps = gapsOf(toArrivalOffsets(plan("2000s:10", more)));
    expect(mean(gaps)).toBeCloseTo(100, 0);
    expect(variation(gaps)).toBeCloseTo(expected, 1);
  });

  test("the same seed gives the same arrivals, another one others", () => {
    const of = (seed: number) => toArrivalOffsets(plan("10s:20", { process: "poisson", seed }));
    expect(of(7)).toEqual(of(7));
    expect(of(7)).not.toEqual(of(8));
  });

  test("counts in equal parts of the time are Poisson distributed: their variance is their mean", () => {
    const counts = new Array<number>(1000).fill(0);
    for (const at of toArrivalOffsets(plan("10000s:5", { process: "poisson" }))) {
      const part = Math.floor(at / 10_000);
      counts[part] = (counts[part] ?? 0) + 1;
    }
    const variance = mean(counts.map((count) => (count - 50) ** 2));
    expect(variance).toBeGreaterThan(40);
    expect(variance).toBeLessThan(60);
  });

  test("follow the rate through the stages", () => {
    const offsets = toArrivalOffsets(plan("100s:1,100s:9", { process: "poisson" }));
    const early = offsets.filter((at) => at < 100_000).length;
    expect(offsets).toHaveLength(1000);
    expect(early).toBeGreaterThan(70);
    expect(early).toBeLessThan(130);
  });
});

test("whatever the stages, arrivals are ascending, inside the time, and as many as the rate says", () => {
  const random = createRandom(1);
  for (let i = 0; i < 300; i++) {
    const stages = Array.from({ length: 1 + Math.floor(random() * 4) }, () => ({
      seconds: 0.5 + random() * 20,
      from: random() < 0.2 ? 0 : random() * 30,
      to: random() < 0.2 ? 0 : random() * 30,
    }));
    const process = (["constant", "poisson", "gamma"] as const)[i % 3] as ArrivalPlan["process"];
    const offsets = toArrivalOffsets({ stages, process, burstiness: 0.1 + random() * 3, seed: i });
    expect(offsets).toHaveLength(Math.round(expectedArrivals(stages)));
    for (const gap of gapsOf(offsets)) expect(gap).toBeGreaterThanOrEqual(0);
    for (const at of [offsets[0] ?? 0, offsets.at(-1) ?? 0]) {
      expect(at).toBeGreaterThanOrEqual(0);
      expect(at).toBeLessThanOrEqual(totalSeconds(stages) * 1000 + 1e-6);
    }
  }
});

test("a moment is where the area under the rate is the count", () => {
  const stages = stagesOf("10s:0-10,5s:10,10s:10-2");
  const counts = [0, 12.5, 50, 75, 100, 150, 160];
  const area = (seconds: number) => {
    let sum = 0;
    const step = 0.0005;
    for (let t = 0; t < seconds; t += step) {
      sum += step * (t < 10 ? t : t < 15 ? 10 : 10 - 0.8 * (t - 15));
    }
    return sum;
  };
  toMoments(stages, counts).forEach((moment, i) => {
    expect(area(moment / 1000)).toBeCloseTo(counts[i] as number, 0);
  });
});
