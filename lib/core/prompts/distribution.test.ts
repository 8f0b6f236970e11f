import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Bin,
  type Distribution,
  histogramFile,
  isDistribution,
  parseBin,
  parseDistribution,
  toHistogramText,
  toLengthSampler,
  toSampler,
} from "./distribution.ts";
import { createRandom } from "./random.ts";

// The same cases in every run: a property that holds must not fail on another day.
fc.configureGlobal({ seed: 20_260_101 });

const parsed = (text: string) => {
  const distribution = parseDistribution(text);
  if (distribution === undefined) throw new Error(`${text} is no distribution`);
  return distribution;
};
const draws = (distribution: Distribution, count: number, seed = 42) => {
  const [draw, random] = [toSampler(distribution), createRandom(seed)];
  return Array.from({ length: count }, () => draw(random));
};
const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const deviationOf = (values: readonly number[]) => {
  const mean = meanOf(values);
  return Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2)));
};

const decimal = (min: number, max: number) =>
  fc.integer({ min: min * 100, max: max * 100 }).map((value) => value / 100);
const range = (min: number, max: number) =>
  fc.tuple(fc.integer({ min, max }), fc.integer({ min, max })).map(([a, b]) => {
    return { low: Math.min(a, b), high: Math.max(a, b) };
  });
const bins: fc.Arbitrary<Bin[]> = fc
  .array(
    fc
      .tuple(range(0, 100_000), fc.double({ min: 0, max: 1e9, noNaN: true }))
      .map(([ends, weight]) => ({ ...ends, weight: weight === 0 ? 0 : weight })),
    { minLength: 1, maxLength: 20 },
  )
  .filter((all) => all.some(({ weight }) => weight > 0));

/** Every form with numbers that make sense, as text and as what it means. */
const forms: fc.Arbitrary<[text: string, distribution: Distribution]> = fc.oneof(
  decimal(0, 5000).map((value): [string, Distribution] => [`${value}`, { kind: "fixed", value }]),
  decimal(0, 5000).map((value): [string, Distribution] => [`fixed:${value}`, { kind: "fixed", value }]),
  range(0, 5000).map(({ low, high }): [string, Distribution] => [
    `uniform:${low}-${high}`,
    { kind: "uniform", low, high },
  ]),
  fc
    .tuple(fc.constantFrom("normal", "lognormal"), decimal(1, 5000), decimal(0, 5000))
    .map(([kind, mean, deviation]): [string, Distribution] => [
      `${kind}:${mean},${deviation}`,
      { kind, mean, deviation },
    ]),
  decimal(1, 5000).map((mean): [string, Distribution] => [
    `exponential:${mean}`,
    { kind: "exponential", mean },
  ]),
  fc
    .tuple(decimal(0, 20), range(1, 5000))
    .map(([exponent, { low, high }]): [string, Distribution] => [
      `zipf:${exponent},${low}-${high}`,
      { kind: "zipf", exponent, low, high },
    ]),
  bins.map((all): [string, Distribution] => [toHistogramText(all), { kind: "histogram", bins: all }]),
);

describe("parseDistribution", () => {
  it("reads every form that it is written in", () => {
    fc.assert(
      fc.property(forms, ([text, distribution]) => {
        expect(parseDistribution(text)).toEqual(distribution);
        expect(parseDistribution(`  ${text}\n`)).toEqual(distribution);
        expect(isDistribution(text)).toBe(true);
      }),
    );
  });

  it.each([
    ...["", " ", "-5", "+5", "abc", "5 6", "NaN", "Infinity", "9".repeat(400), "0x10", "1e3", "1,5", ".5"],
    ...["fixed", "fixed:", "fixed:-1", "fixed:1:2", "Fixed:1"],
    ...["uniform", "uniform:", "uniform:5", "uniform:9-1", "uniform:1,9", "uniform:-1-9", "uniform:1-2-3"],
    ...["normal:512", "normal:0,5", "normal:-5,1", "normal:5,-1", "normal:5,1,1", "normal:a,b"],
    ...["lognormal:0,5", "lognormal:5", "exponential:0", "exponential:", "exponential:1,2", "exponential:-1"],
    ...["zipf:1.1", "zipf:1.1,5", "zipf:1.1,0-9", "zipf:1.1,9-1", "zipf:-1,1-9", "zipf:1,1-9.5"],
    ...["zipf:1,1-1000001", "histogram:5=", "histogram:=1", "histogram:5=0", "histogram:1=0,2=0"],
    ...["histogram:9-1=5", "histogram:5=-1", "histogram:5=1,", "histogram:,5=1", "histogram:1.5=1"],
    ...["histogram:5=1e999", "histogram:5==1", "histogram:", "poisson:5", "constructor:5", "__proto__:1"],
  ])("refuses %j", (text) => {
    expect(parseDistribution(text)).toBeUndefined();
    expect(isDistribution(text)).toBe(false);
  });

  it("takes no text at all that draws something else than numbers from 0 on", () => {
    const characters = fc.constantFrom(..."0123456789.,-=:e ", "uniform:", "zipf:", "normal:", "histogram:");
    fc.assert(
      fc.property(fc.array(characters, { maxLength: 12 }), fc.integer(), (parts, seed) => {
        const distribution = parseDistribution(parts.join(""));
        if (distribution === undefined) return;
        for (const value of draws(distribution, 10, seed)) expect(value).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("a histogram", () => {
  it.each(["128=5", "128,5", "128;5", "128 5", "128\t5", " 128 , 5 ", "128 = 5.0", "128-128=5"])(
    "has the bin %j",
    (text) => {
      expect(parseBin(text)).toEqual({ low: 128, high: 128, weight: 5 });
    },
  );

  it("from a file has no bins in its text", () => {
    expect(histogramFile("histogram:lengths.csv")).toBe("lengths.csv");
    expect(histogramFile("histogram:C:/my lengths.csv")).toBe("C:/my lengths.csv");
    expect(histogramFile("histogram:128=5")).toBeUndefined();
    expect(histogramFile("uniform:1-5")).toBeUndefined();
    expect(isDistribution("histogram:lengths.csv")).toBe(true);
  });

  it("keeps small and large weights in its text", () => {
    const all = [1e-9, 0.1, 1e21].map((weight, index) => ({ low: index, high: index + 1, weight }));
    expect(parseDistribution(toHistogramText(all))).toEqual({ kind: "histogram", bins: all });
  });

  it("draws each bin as often as its weight says, and each number of a bin as often as any other", () => {
    const values = draws(parsed("histogram:10=5,100-199=3,500=0,1000-1001=2"), 50_000);
    const share = (accepts: (value: number) => boolean) => values.filter(accepts).length / values.length;
    expect(share((value) => value === 10)).toBeCloseTo(0.5, 2);
    expect(share((value) => value >= 100 && value < 200)).toBeCloseTo(0.3, 2);
    expect(share((value) => value >= 100 && value < 150)).toBeCloseTo(0.15, 2);
    expect(share((value) => value === 500)).toBe(0);
    expect(share((value) => value === 1000)).toBeCloseTo(0.1, 2);
    expect(share((value) => value === 1001)).toBeCloseTo(0.1, 2);
  });
});

describe("a sampler", () => {
  it("draws the same numbers by the same seed, others by another", () => {
    fc.assert(
      fc.property(forms, fc.integer(), ([, distribution], seed) => {
        expect(draws(distribution, 20, seed)).toEqual(draws(distribution, 20, seed));
      }),
    );
    const wide = parsed("uniform:1-1000000");
    expect(draws(wide, 20, 1)).not.toEqual(draws(wide, 20, 2));
  });

  it("draws lengths that are whole and 1 or above", () => {
    fc.assert(
      fc.property(forms, fc.integer(), ([, distribution], seed) => {
        const [draw, random] = [toLengthSampler(distribution), createRandom(seed)];
        for (let count = 0; count < 50; count++) {
          const length = draw(random);
          expect(Number.isInteger(length)).toBe(true);
          expect(length).toBeGreaterThanOrEqual(1);
        }
      }),
    );
  });

  it("for uniform, zipf and histogram stays inside its range", () => {
    fc.assert(
      fc.property(forms, fc.integer(), ([, distribution], seed) => {
        const values = draws(distribution, 50, seed);
        if (distribution.kind === "uniform" || distribution.kind === "zipf") {
          for (const value of values) {
            expect(value).toBeGreaterThanOrEqual(distribution.low);
            expect(value).toBeLessThanOrEqual(distribution.high);
          }
        }
        if (distribution.kind === "histogram") {
          const isInside = (value: number) =>
            distribution.bins.some(({ low, high, weight }) => weight > 0 && low <= value && value <= high);
          expect(values.every(isInside)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("for uniform draws both ends", () => {
    expect(new Set(draws(parsed("uniform:3-6"), 500))).toEqual(new Set([3, 4, 5, 6]));
  });

  /** Sums over all values of a zipf or a histogram, as exact as doubles are. */
  const ofWeights = (weights: readonly (readonly [value: number, weight: number])[]) => {
    const total = weights.reduce((sum, [, weight]) => sum + weight, 0);
    const mean = weights.reduce((sum, [value, weight]) => sum + value * weight, 0) / total;
    const variance = weights.reduce((sum, [value, weight]) => sum + (value - mean) ** 2 * weight, 0) / total;
    return [mean, Math.sqrt(variance)] as const;
  };
  const zipf = Array.from({ length: 1000 }, (_, index) => [index + 1, (index + 1) ** -1.1] as const);
  it.each<[text: string, mean: number, deviation: number]>([
    ["512", 512, 0],
    ["fixed:2.5", 2.5, 0],
    // A whole number from 100 to 900: sqrt((801² − 1) / 12).
    ["uniform:100-900", 500, Math.sqrt((801 ** 2 - 1) / 12)],
    ["uniform:0.5-1.5", 1, 1 / Math.sqrt(12)],
    ["normal:512,128", 512, 128],
    ["lognormal:512,256", 512, 256],
    ["lognormal:1000,50", 1000, 50],
    ["exponential:2", 2, 2],
    ["zipf:1.1,1-1000", ...ofWeights(zipf)],
    ["histogram:10=1,20=2,30=1", 20, Math.sqrt(50)],
  ])("for %s has its mean and standard deviation", (text, mean, deviation) => {
    for (const seed of [1, 42, 2026]) {
      const values = draws(parsed(text), 50_000, seed);
      expect(Math.abs(meanOf(values) / mean - 1)).toBeLessThan(0.03);
      if (deviation === 0) expect(deviationOf(values)).toBe(0);
      else expect(Math.abs(deviationOf(values) / deviation - 1)).toBeLessThan(0.04);
    }
  });

  it.each([0, 0.5, 1, 1.1, 2, 3.5])("for zipf with exponent %d draws by the formula", (exponent) => {
    const [low, high, count] = [2, 30, 50_000];
    const values = draws({ kind: "zipf", exponent, low, high }, count);
    let total = 0;
    for (let value = low; value <= high; value++) total += value ** -exponent;
    for (let value = low; value <= high; value++) {
      const expected = (count * value ** -exponent) / total;
      const drawn = values.filter((each) => each === value).length;
      // Five standard deviations of a count.
      expect(Math.abs(drawn - expected)).toBeLessThan(5 * Math.sqrt(expected) + 1);
    }
  });

  it("for zipf with a high power draws the least number, also where its power is below every double", () => {
    expect(new Set(draws(parsed("zipf:500,1000-1000000"), 200)).has(1000)).toBe(true);
    expect(meanOf(draws(parsed("zipf:500,1000-1000000"), 200))).toBeLessThan(1010);
  });
});
