import { describe, expect, it } from "vitest";
import { toTrends } from "./soak-report.ts";
import type { SoakSample } from "./soak-watch.ts";

const samples = (memoryMb: (minute: number) => number): SoakSample[] =>
  Array.from({ length: 31 }, (_, minute) => ({
    seconds: minute * 60,
    memoryMb: memoryMb(minute),
    goroutines: 1000 + (minute % 2),
    descriptors: 210,
  }));

describe("toTrends", () => {
  it("what grew at first and then stayed is flat", () => {
    const trends = toTrends(samples((minute) => Math.min(100 + minute * 10, 200)));
    expect(trends?.memoryMb).toEqual({ middle: 200, end: 200, most: 200, rise: 0, isFlat: true });
    expect(trends?.goroutines.isFlat).toBe(true);
    expect(trends?.descriptors).toMatchObject({ rise: 0, isFlat: true });
  });

  it("what goes on growing is growing, with its rise over the second half", () => {
    const trends = toTrends(samples((minute) => 100 + minute * 10));
    expect(trends?.memoryMb.isFlat).toBe(false);
    expect(trends?.memoryMb.middle).toBeCloseTo(250);
    expect(trends?.memoryMb.end).toBeCloseTo(400);
  });

  it("says nothing from too few samples", () => {
    expect(toTrends(samples(() => 1).slice(0, 1))).toBeUndefined();
  });
});
