import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { DIALECTS } from "../apis/apis.ts";
import type { Facts } from "./facts.ts";
import { type RequestDetails, toRequestDetails } from "./request-details.ts";

interface Vector {
  name: string;
  dialect: string;
  facts: Facts;
  given: Facts;
  metrics: RequestDetails;
}

const folder = new URL("../../../test/golden/", import.meta.url);
const vectors = readdirSync(folder)
  .filter((file) => file.endsWith(".json"))
  .map((file) => JSON.parse(readFileSync(new URL(file, folder), "utf8")) as Vector);

test("there are golden vectors", () => {
  expect(vectors.length).toBeGreaterThan(12);
});

test.each(vectors)("metrics from facts: $name", ({ dialect, facts, given, metrics }) => {
  expect(Object.keys(DIALECTS)).toContain(dialect);
  expect(rounded(toRequestDetails({ ...given, ...facts }))).toEqual(rounded(metrics));
});

/** To nine digits: floating-point noise is no difference. */
function rounded(metrics: RequestDetails): object {
  return JSON.parse(
    JSON.stringify(metrics, (_, value) => (typeof value === "number" ? Number(value.toPrecision(9)) : value)),
  );
}
