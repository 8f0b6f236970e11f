// The Go tests read the dialects as JSON files; those must say what the TypeScript says.
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { DIALECTS } from "./apis.ts";

const folder = new URL("../../../test/golden/dialects/", import.meta.url);

test.each(Object.entries(DIALECTS))("%s.json beside the golden vectors is this dialect", (name, dialect) => {
  expect(JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8"))).toEqual(dialect);
});

test("there is a file for each dialect and no other", () => {
  expect(readdirSync(folder).sort()).toEqual(
    Object.keys(DIALECTS)
      .map((name) => `${name}.json`)
      .sort(),
  );
});
