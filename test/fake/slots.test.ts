import { expect, it } from "vitest";
import { takeSlot } from "./slots.ts";

it("two slots answer two at a time, the others in the order of their arrival", () => {
  const freeMs: number[] = [];
  const begin = [0, 1, 2, 3, 500].map((arrivedMs) => takeSlot(freeMs, 2, arrivedMs, 100));
  expect(begin).toEqual([0, 1, 100, 101, 500]);
});
