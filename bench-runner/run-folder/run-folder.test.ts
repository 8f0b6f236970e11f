import { mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createRunFolder, RunFolder, toFolderName } from "./run-folder.ts";

const time = new Date("2026-11-22T19:15:05.678Z");
const makeFolder = () => mkdtempSync(join(tmpdir(), "server-bench-folder-"));

describe("a run folder's name", () => {
  it.each([
    ["local", "20261122T191505Z-local"],
    ["a b/c", "20261122T191505Z-a-b-c"],
    ["../../etc", "20261122T191505Z-etc"],
    ["é", "20261122T191505Z-e"],
    ["", "20261122T191505Z-run"],
  ])("is the UTC time and the characters of %j that a folder may have", (name, expected) => {
    expect(toFolderName(time, name)).toBe(expected);
  });
});

describe("a run folder", () => {
  it("is created with its parents, and numbered if it exists already", () => {
    const output = join(makeFolder(), "a", "b");
    expect(createRunFolder(output, "x", time).path).toBe(join(output, "20261122T191505Z-x"));
    expect(createRunFolder(output, "x", time).path).toBe(join(output, "20261122T191505Z-x-2"));
  });

  it("that cannot be created is reported with the reason and the remedy", () => {
    const file = join(makeFolder(), "file");
    writeFileSync(file, "");
    expect(() => createRunFolder(join(file, "runs"), "x", time)).toThrow(
      /No run folder can be created in .*: a part of the path is a file, not a folder. Choose another folder with `--output`./,
    );
  });

  it("has only complete files", () => {
    const folder = new RunFolder(makeFolder());
    folder.write("a.json", "1");
    folder.write("a.json", "2");
    expect(readFileSync(folder.file("a.json"), "utf8")).toBe("2");
  });

  it.runIf(process.platform === "linux")(
    "says once what could not be written, on a full disk or over a folder, and the run goes on",
    () => {
      const folder = new RunFolder(makeFolder());
      symlinkSync("/dev/full", folder.file("server.jsonl"));
      folder.makeFolder("summary.json");
      folder.append("server.jsonl", { a: 1 });
      folder.append("server.jsonl", { a: 2 });
      expect(folder.tryWrite("summary.json", "{}")).toBe(false);
      expect(folder.problems).toEqual([
        `${folder.file("server.jsonl")} is incomplete: the disk is full.`,
        `${folder.file("summary.json")} could not be written: it is a folder.`,
      ]);
    },
  );
});
