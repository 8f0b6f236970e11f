import { expect, test } from "vitest";
import { derive, readVectors, toRounded } from "../../../test/golden/vectors.ts";
import { DIALECTS } from "../apis/apis.ts";

const vectors = readVectors();

test("there are golden vectors", () => {
  expect(vectors.length).toBeGreaterThan(12);
});

test.each(vectors)("metrics from facts: $name", (vector) => {
  expect(Object.keys(DIALECTS)).toContain(vector.dialect);
  expect(
    toRounded(derive(vector)),
    "after a deliberate change, `npm run golden` rewrites the metrics",
  ).toEqual(toRounded(vector.metrics));
});
