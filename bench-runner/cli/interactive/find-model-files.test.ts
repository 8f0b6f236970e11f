import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { findModelFiles, isModelName } from "./find-model-files.ts";

const folder = mkdtempSync(join(tmpdir(), "server-bench-models-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a name", () => {
  const rows: [string, boolean][] = [
    ["a.gguf", true],
    ["A.GGUF", true],
    ["big-00001-of-00003.gguf", true],
    ["big-00002-of-00003.gguf", false],
    ["mmproj-a.gguf", false],
    ["a.gguf.part", false],
  ];
  it.each(rows)("`%s`: %s", (name, expected) => expect(isModelName(name)).toBe(expected));
});

describe("model files", () => {
  it("are those of the folder, then the one that setup fetched", () => {
    const cache = join(folder, "cache");
    mkdirSync(join(cache, "server-bench"), { recursive: true });
    mkdirSync(join(folder, "folder.gguf"));
    const fetched = join(cache, "small.gguf");
    writeFileSync(fetched, "12345");
    writeFileSync(join(folder, "b.gguf"), "12");
    writeFileSync(join(folder, "a.gguf"), "1");
    writeFileSync(join(cache, "server-bench", "installed.json"), JSON.stringify({ model: fetched }));
    expect(findModelFiles(folder, { XDG_CACHE_HOME: cache })).toEqual([
      { path: "a.gguf", bytes: 1 },
      { path: "b.gguf", bytes: 2 },
      { path: fetched, bytes: 5, isFetched: true },
    ]);
  });

  it("are none where nothing is", () => {
    expect(findModelFiles(join(folder, "nowhere"), { XDG_CACHE_HOME: join(folder, "none") })).toEqual([]);
  });
});
