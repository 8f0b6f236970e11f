// What holds for every API, and the JSON files of the dialects, which the Go tests read.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { toDialectFiles } from "../../../test/golden/write-dialects.ts";
import { apiOf, DIALECTS, ENDPOINTS } from "./apis.ts";

test.each(ENDPOINTS)(
  "%s has bodies, with a test, unless they are those of OpenAI completions",
  (endpoint) => {
    const isOpenAi = apiOf(endpoint).body === "openai";
    for (const file of ["body.ts", "body.test.ts"]) {
      const path = `${endpoint}/${file}`;
      expect(existsSync(new URL(path, import.meta.url)), path).toBe(!isOpenAi);
    }
  },
);

test("each dialect has a name of its own", () => {
  const all = ENDPOINTS.map(apiOf).flatMap(({ dialect, syncDialect }) => [dialect, syncDialect ?? []].flat());
  expect(all.map(({ name }) => name).sort()).toEqual(Object.keys(DIALECTS).sort());
});

const folder = new URL("../../../test/golden/dialects/", import.meta.url);
const files = toDialectFiles();

test.each([...files])("%s next to the golden vectors is this dialect", (file, text) => {
  const written = readFileSync(new URL(file, folder), "utf8");
  expect(JSON.parse(written), "out of date: run `npm run golden`").toEqual(JSON.parse(text));
});

test("there is a file for each dialect and no other", () => {
  expect(readdirSync(folder).sort()).toEqual([...files.keys()].sort());
});
