// Against textbook tables.
import { describe, expect, it } from "vitest";
import { toStudentT } from "./student-t.ts";

describe("quantiles of Student's t", () => {
  it.each([
    [0.95, 1, 12.7062],
    [0.95, 2, 4.3027],
    [0.95, 8, 2.306],
    [0.95, 30, 2.0423],
    [0.95, 120, 1.9799],
    [0.99, 4, 4.6041],
    [0.99, 12, 3.0545],
    [0.9, 5, 2.015],
  ])("at %s with %s degrees of freedom: %s", (confidence, degrees, t) => {
    expect(toStudentT(confidence, degrees)).toBeCloseTo(t, 4);
  });

  it("lie between those of the neighbouring whole degrees", () => {
    expect(toStudentT(0.95, 7.3)).toBeLessThan(toStudentT(0.95, 7));
    expect(toStudentT(0.95, 7.3)).toBeGreaterThan(toStudentT(0.95, 8));
  });
});
