// The table of end-to-end tests names what exists, and all that exists.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ALONE, COVERED_BY, findE2e, TIMED } from "./e2e-files.ts";

const root = join(import.meta.dirname, "../..");
const names = readdirSync(join(root, "test/e2e"))
  .filter((name) => name.endsWith(".e2e.ts"))
  .map((name) => name.replace(".e2e.ts", ""));
const rows = Object.entries(COVERED_BY);

it("every row names a folder and tests that exist", () => {
  expect(rows.map(([prefix]) => prefix).filter((prefix) => !existsSync(join(root, prefix)))).toEqual([]);
  const named = [...ALONE, ...TIMED, ...rows.flatMap(([, tests]) => tests)];
  expect(named.filter((name) => !names.includes(name))).toEqual([]);
});

it("every end-to-end test covers a folder", () => {
  const covering = new Set(rows.flatMap(([, tests]) => tests));
  expect(names.filter((name) => !covering.has(name))).toEqual([]);
});

it("every room of the runner has a row", () => {
  const rooms = readdirSync(join(root, "bench-runner"), { withFileTypes: true });
  const folders = rooms.filter((entry) => entry.isDirectory()).map(({ name }) => `bench-runner/${name}/`);
  expect(folders.filter((folder) => !(folder in COVERED_BY))).toEqual([]);
});

it("the longest prefix holds; documents and unit tests touch nothing", () => {
  expect(findE2e(["bench-runner/decide/matrix/matrix.ts"])).toEqual(["matrix"]);
  expect(findE2e(["bench-runner/decide/matrix/matrix.test.ts", "README.md", "docs/a.json"])).toEqual([]);
  expect(findE2e(["xk6-sse/sse/rows_test.go"])).toEqual([]);
  expect(findE2e(["build.mjs"])).toEqual(["runner", "script"]);
  expect(findE2e(["test/e2e/sweep.e2e.ts"])).toEqual(["sweep"]);
});
