import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { expect, it } from "vitest";
import { findRuns } from "./find-runs.ts";

/** A folder with these files, empty ones. */
function makeTree(...paths: string[]): string {
  const root = mkdtempSync(join(tmpdir(), "find-runs-"));
  for (const path of paths) {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), "");
  }
  return root;
}

const found = (root: string, ...given: string[]) =>
  findRuns(given.map((path) => join(root, path))).map((path) => relative(root, path));

it("finds run folders, and those within folders, numbers in their order", () => {
  const root = makeTree(
    "runs/b/repeat-10/summary.json",
    "runs/b/repeat-9/records.jsonl",
    // A folder of repeats has a configuration, but is not a run.
    "runs/b/config.json",
    "runs/a/summary.json",
    "runs/sweep/points/2/repeat-1/summary.json",
  );
  expect(found(root, "runs")).toEqual([
    ...["runs/a", "runs/b/repeat-9", "runs/b/repeat-10", "runs/sweep/points/2/repeat-1"],
  ]);
});

it("finds nothing within a run, in hidden folders or deeper than four", () => {
  const root = makeTree(
    "a/summary.json",
    "a/calibration/summary.json",
    ".b/summary.json",
    "1/2/3/4/5/summary.json",
  );
  expect(found(root, ".")).toEqual(["a"]);
});

it("takes a run that is given twice once", () => {
  const root = makeTree("runs/a/summary.json");
  expect(found(root, "runs/a", "runs", "runs/a/")).toEqual(["runs/a"]);
});

it.each([
  ["empty", /contains no run: no folder in it, up to 4 levels deep/],
  ["a/summary.json", /is not a folder/],
  ["gone", /cannot be read: it does not exist/],
])("refuses %s in one sentence", (path, sentence) => {
  const root = makeTree("a/summary.json", "empty/file");
  expect(() => found(root, path)).toThrow(sentence);
});
