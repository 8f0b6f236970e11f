import { mean, sampleStandardDeviation } from "simple-statistics";
import { describe, expect, it } from "vitest";
import type { Estimate } from "../../statistics/estimate.ts";
import { toStudentT } from "../../statistics/student-t.ts";
import { toAbsoluteDifference, toDifference } from "./difference.ts";
import { borrowError, estimateRepeats } from "./repeat-estimates.ts";

const latency = { confidence: 0.95, isShare: false };
const share = { confidence: 0.95, isShare: true };
const BASE = [100, 102, 98, 101, 99];
const NEW = [106, 104, 107, 105, 108];

describe("repeats on both sides", () => {
  it("is Welch's interval of the logarithms, computed independently", () => {
    const logs = [BASE, NEW].map((figures) => figures.map(Math.log)) as [number[], number[]];
    const errors = logs.map((side) => sampleStandardDeviation(side) / Math.sqrt(5));
    const variances = errors.map((error) => error ** 2) as [number, number];
    const degrees = (variances[0] + variances[1]) ** 2 / (variances[0] ** 2 / 4 + variances[1] ** 2 / 4);
    const half = toStudentT(0.95, degrees) * Math.sqrt(variances[0] + variances[1]);
    const middle = logs.map(mean) as [number, number];
    const found = toDifference(estimateRepeats(BASE, false), estimateRepeats(NEW, false), latency);
    expect(found.low).toBeCloseTo(Math.exp(middle[1] - middle[0] - half) - 1, 10);
    expect(found.high).toBeCloseTo(Math.exp(middle[1] - middle[0] + half) - 1, 10);
    expect(found.value).toBeCloseTo(0.06, 2);
  });

  it("exchanging the sides gives the reciprocal", () => {
    const [a, b] = [estimateRepeats(BASE, false), estimateRepeats(NEW, false)];
    const [there, back] = [toDifference(a, b, latency), toDifference(b, a, latency)];
    expect((1 + there.value) * (1 + back.value)).toBeCloseTo(1, 12);
    expect((1 + (there.low ?? 0)) * (1 + (back.high ?? 0))).toBeCloseTo(1, 12);
  });

  it("a difference in the figure's own unit has the same sign and about the same ends", () => {
    const [a, b] = [estimateRepeats(BASE, false), estimateRepeats(NEW, false)];
    const found = toAbsoluteDifference(a, b, latency);
    const relative = toDifference(a, b, latency);
    expect(found.value).toBeCloseTo(6, 1);
    expect(found.low).toBeCloseTo(100 * (relative.low ?? 0), 0);
    expect(found.high).toBeCloseTo(100 * (relative.high ?? 0), 0);
  });

  it("a figure of 0 in a repeat has no ratio, with the reason", () => {
    const found = toDifference(estimateRepeats([0, 1], false), estimateRepeats([1, 2], false), latency);
    expect(found).toMatchObject({ reason: "BASE: a figure of 0 has no ratio" });
    expect(found.low).toBeUndefined();
  });
});

describe("repeats on one side", () => {
  it("the single run varies as one of the repeats does: s·√(1/n + 1) with n − 1 degrees of freedom", () => {
    const known = estimateRepeats(BASE, false);
    const { low, high } = toDifference(known, borrowError(100, known, 5, false), latency);
    const deviation = (known.error?.below ?? 0) * Math.sqrt(5);
    const half = toStudentT(0.95, 4) * deviation * Math.sqrt(1 / 5 + 1);
    expect(Math.log(1 + (high ?? 0)) - Math.log(1 + (low ?? 0))).toBeCloseTo(2 * half, 10);
  });
});

describe("shares, in points", () => {
  const of = (value: number, trials: number, error = 0): Estimate => ({
    value,
    trials,
    error: { below: error, above: error, degrees: 12 },
  });

  it("100 of 100 on both sides is not a certainty: Newcombe's interval, from Wilson's", () => {
    const found = toDifference(of(1, 100), of(1, 100), share);
    // Wilson's lower end of 100 of 100 at 95 % is 0.9630.
    expect(found.low).toBeCloseTo(-0.037, 3);
    expect(found.high).toBeCloseTo(0.037, 3);
  });

  it("98 of 100 against 100 of 100 is within noise, 80 of 100 is not", () => {
    expect(toDifference(of(1, 100), of(0.98, 100, 0.014), share).high).toBeGreaterThan(0);
    expect(toDifference(of(1, 100), of(0.8, 100, 0.04), share).high).toBeLessThan(0);
  });

  it("blocks that vary more than counting predicts make it wider", () => {
    const counted = toDifference(of(0.9, 1000, 0.001), of(0.9, 1000, 0.001), share);
    const uneven = toDifference(of(0.9, 1000, 0.05), of(0.9, 1000, 0.05), share);
    expect(uneven.high).toBeGreaterThan(2 * (counted.high ?? 0));
  });
});

describe("without an error on a side", () => {
  it("there is a difference, no interval, and the reason", () => {
    const found = toDifference({ value: 10, reason: "too few" }, { value: 12, reason: "too few" }, latency);
    expect(found).toEqual({ value: 12 / 10 - 1, reason: "too few" });
  });
});
