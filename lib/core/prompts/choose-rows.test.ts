import { describe, expect, it } from "vitest";
import { chooseRows } from "./choose-rows.ts";

/** 100 rows, of which every third is too short. */
const read = (index: number) =>
  index % 3 === 0 ? ("shortPrompt" as const) : { id: String(index), prompt: `prompt ${index}` };
const ids = (nPrompts: number, order: "random" | "sequential", seed = 42) =>
  chooseRows(100, read, { nPrompts, order, seed }).rows.map(({ id }) => Number(id));

describe("chooseRows", () => {
  it("takes the first that pass, in the file's order, when sequential", () => {
    expect(ids(4, "sequential")).toEqual([1, 2, 4, 5]);
  });

  it("draws the same rows for the same seed", () => {
    expect(ids(20, "random")).toEqual(ids(20, "random"));
  });

  it("draws others for another seed", () => {
    expect(ids(20, "random", 1)).not.toEqual(ids(20, "random", 2));
  });

  it("draws each row once and only rows that pass", () => {
    const drawn = ids(50, "random");
    expect(new Set(drawn).size).toBe(50);
    expect(drawn.filter((id) => id % 3 === 0)).toEqual([]);
  });

  it("takes all that pass when there are fewer, and counts what failed", () => {
    const { rows, failures } = chooseRows(100, read, { nPrompts: 480, order: "random", seed: 42 });
    expect(rows).toHaveLength(66);
    expect(failures).toEqual({ shortPrompt: 34 });
  });

  it("does not read what it does not need", () => {
    let reads = 0;
    const counting = (index: number) => {
      reads++;
      return { id: String(index), prompt: "" };
    };
    chooseRows(1000, counting, { nPrompts: 10, order: "random", seed: 1 });
    expect(reads).toBe(10);
  });
});
