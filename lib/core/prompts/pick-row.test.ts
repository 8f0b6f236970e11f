import { describe, expect, it } from "vitest";
import { pickClientRow, pickRow } from "./pick-row.ts";

const rows = Array.from({ length: 12 }, (_, index) => index);
const pass = (number: number, seed = 42) =>
  rows.map((place) => pickRow(rows, number * rows.length + place, { seed }));

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
    expect([0, 1, 2, 99].map((iteration) => pickRow(["only"], iteration, { seed: 1 }))).toEqual(
      Array(4).fill("only"),
    );
  });
});

describe("pickClientRow", () => {
  const rows = Array.from({ length: 12 }, (_, index) => index);
  const sequence = (client: number, seed = 42) =>
    Array.from({ length: 24 }, (_, request) => pickClientRow(rows, client, request, seed));

  it("a client has the same sequence in every run with that seed", () => {
    expect(sequence(3)).toEqual(sequence(3));
    expect(sequence(3)).not.toEqual(sequence(3, 43));
  });

  it("each pass visits every row once", () => {
    for (let client = 0; client < 12; client++) {
      expect([...sequence(client).slice(0, 12)].sort((a, b) => a - b)).toEqual(rows);
    }
  });

  it("as many clients as there are rows start on different ones, and go different ways", () => {
    const clients = Array.from({ length: 12 }, (_, client) => sequence(client));
    expect(new Set(clients.map(([first]) => first)).size).toBe(12);
    expect(new Set(clients.map((rows) => rows.join())).size).toBe(12);
  });
});
