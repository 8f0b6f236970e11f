import { expect, test } from "vitest";
import { countIterations, type K6Scenario } from "./count-iterations.ts";

const shared: K6Scenario = { executor: "shared-iterations", vus: 4, iterations: 20 };
const each: K6Scenario = { executor: "per-vu-iterations", vus: 4, iterations: 3 };
const timed: K6Scenario = { executor: "constant-vus", vus: 4, iterations: null };

const rows: [string, Record<string, K6Scenario>, number | undefined][] = [
  ["shared by all clients", { a: shared }, 20],
  ["a number for each client", { a: each }, 12],
  ["one client where none is named", { a: { executor: "per-vu-iterations", iterations: 3 } }, 3],
  ["several scenarios add up", { a: shared, b: each }, 32],
  ["one that ends by time makes the number unknown", { a: shared, b: timed }, undefined],
  ["no scenario", {}, undefined],
];
test.each(rows)("%s", (_, scenarios, expected) => expect(countIterations(scenarios)).toBe(expected));
