// The Go tests read the dialects as JSON files; these must agree with the code.
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { toDialectFiles } from "../../../test/golden/write-dialects.ts";

const folder = new URL("../../../test/golden/dialects/", import.meta.url);
const files = toDialectFiles();

test.each([...files])("%s beside the golden vectors is this dialect", (file, text) => {
  const written = readFileSync(new URL(file, folder), "utf8");
  expect(JSON.parse(written), "out of date: run `npm run golden`").toEqual(JSON.parse(text));
});

test("there is a file for each dialect and no other", () => {
  expect(readdirSync(folder).sort()).toEqual([...files.keys()].sort());
});
