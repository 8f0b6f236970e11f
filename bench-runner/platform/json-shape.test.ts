import { describe, expect, it } from "vitest";
import { findMisfit, type Shape } from "./json-shape.ts";

const shape: Shape = {
  name: "text",
  cpu: { cores: "number", "model?": "text" },
  "gpus?": [{ name: "text" }],
  "values?": { "*": "number" },
};

describe("a value", () => {
  it.each<[string, unknown, string | undefined]>([
    ["fits", { name: "a", cpu: { cores: 2 }, more: null }, undefined],
    [
      "fits with all that may be there",
      { name: "a", cpu: { cores: 2, model: "m" }, gpus: [{ name: "g" }], values: { a: 1 } },
      undefined,
    ],
    ["lacks a key", { name: "a" }, "`cpu` is missing, where an object belongs"],
    ["is null", null, "it is null, where an object belongs"],
    ["is a list", [], "it is a list, where an object belongs"],
    [
      "has another type within",
      { name: "a", cpu: { cores: "2" } },
      "`cpu.cores` is a text, where a number belongs",
    ],
    [
      "has null for what may be absent",
      { name: "a", cpu: { cores: 2, model: null } },
      "`cpu.model` is null, where a text belongs",
    ],
    [
      "has a wrong entry in a list",
      { name: "a", cpu: { cores: 2 }, gpus: [{ name: "g" }, 7] },
      "`gpus.1` is a number, where an object belongs",
    ],
    [
      "has a wrong entry in a map",
      { name: "a", cpu: { cores: 2 }, values: { a: 1, b: true } },
      "`values.b` is true or false, where a number belongs",
    ],
  ])("%s", (_, value, said) => {
    expect(findMisfit(value, shape)).toBe(said);
  });
});
