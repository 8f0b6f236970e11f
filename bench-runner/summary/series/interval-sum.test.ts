import fc from "fast-check";
import { expect, test } from "vitest";
import { IntervalSum } from "./interval-sum.ts";
import { toTimeGrid } from "./time-grid.ts";

// The same cases in every run, so that the test is deterministic.
fc.configureGlobal({ seed: 20_261_124 });

const grid = toTimeGrid({ fromMs: 500, toMs: 5500 }, 1000);
const stretch = fc.record({
  fromMs: fc.integer({ min: 500, max: 5500 }),
  lengthMs: fc.integer({ min: 0, max: 5000 }),
  amount: fc.integer({ min: 0, max: 1000 }),
});

test("a stretch adds to each interval the part that falls into it", () => {
  fc.assert(
    fc.property(fc.array(stretch, { maxLength: 30 }), (stretches) => {
      const sum = new IntervalSum(grid);
      const expected = Array.from({ length: grid.count }, () => 0);
      for (const { fromMs, lengthMs, amount } of stretches) {
        const toMs = Math.min(5500, fromMs + lengthMs);
        sum.spread(fromMs, toMs, amount);
        for (const index of expected.keys()) {
          const [start, end] = [500 + index * grid.stepMs, 500 + (index + 1) * grid.stepMs];
          const inside = Math.max(0, Math.min(end, toMs) - Math.max(start, fromMs));
          const isLast = index === grid.count - 1;
          const isHere = toMs >= start && (toMs < end || isLast);
          const part = toMs > fromMs ? inside / (toMs - fromMs) : isHere ? 1 : 0;
          expected[index] = (expected[index] as number) + part * amount;
        }
      }
      for (const [index, found] of sum.toSums().entries())
        expect(found).toBeCloseTo(expected[index] as number, 6);
    }),
    { numRuns: 100 },
  );
});

test("amounts outside the grid count in its first and last interval", () => {
  const sum = new IntervalSum(grid);
  sum.add(0, 3);
  sum.add(9000, 2);
  sum.spread(0, 9000, 90);
  const sums = sum.toSums();
  expect(sums.reduce((total, value) => total + value, 0)).toBeCloseTo(95, 9);
  expect(sums[0]).toBeCloseTo(3 + 7.5, 9);
});
