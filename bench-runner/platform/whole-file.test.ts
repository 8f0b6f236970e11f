import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { partPath, writeWholeFile } from "./whole-file.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "whole-file-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("a file that is written whole", () => {
  it("replaces the former content", () => {
    const path = join(folder, "a");
    writeWholeFile(path, "first");
    writeWholeFile(path, "second");
    expect(readFileSync(path, "utf8")).toBe("second");
    expect(readdirSync(folder)).toEqual(["a"]);
  });

  it("replaces a link and leaves alone what it points to", () => {
    const [path, other] = [join(folder, "a"), join(folder, "other")];
    writeFileSync(other, "precious");
    symlinkSync(other, path);
    writeWholeFile(path, "new");
    expect([readFileSync(path, "utf8"), readFileSync(other, "utf8")]).toEqual(["new", "precious"]);
  });

  it("leaves nothing behind where it fails", () => {
    expect(() => writeWholeFile(folder, "text")).toThrow();
    expect(() => writeWholeFile(join(folder, "none", "a"), "text")).toThrow();
    expect(readdirSync(folder)).toEqual([]);
    expect(existsSync(folder)).toBe(true);
  });

  it("has another part each time", () => {
    expect(partPath("a")).not.toBe(partPath("a"));
  });
});
