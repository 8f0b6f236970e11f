import { describe, expect, it } from "vitest";
import { pickRow } from "./pick-row.ts";

const rows = Array.from({ length: 12 }, (_, index) => index);
const pass = (number: number, seed = 42) =>
  rows.map((place) => pickRow(rows, number * rows.length + place, seed));

describe("pickRow", () => {
  it("walks the rows in their order first", () => {
    expect(pass(0)).toEqual(rows);
  });

  it.each([1, 2, 3, 10])("visits each row once in pass %i", (number) => {
    expect(pass(number).toSorted((a, b) => a - b)).toEqual(rows);
  });

  it("walks later passes in another order", () => {
    expect(new Set([0, 1, 2, 3].map((number) => pass(number).join())).size).toBeGreaterThan(2);
  });

  it("gives the same row for the same iteration and seed", () => {
    expect(pass(5)).toEqual(pass(5));
    expect([1, 2, 3].map((number) => pass(number, 1))).not.toEqual(
      [1, 2, 3].map((number) => pass(number, 2)),
    );
  });

  it("gives the one row there is", () => {
    expect([0, 1, 2, 99].map((iteration) => pickRow(["only"], iteration, 1))).toEqual(Array(4).fill("only"));
  });
});
