import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { cacheFolder, writableCacheFolder } from "./cache-folder.ts";

const folder = mkdtempSync(join(tmpdir(), "server-bench-cache-test-"));
const noFolder = join(folder, "file");
writeFileSync(noFolder, "");
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

describe("the cache folder of what a run writes", () => {
  it("is the usual one where that can be written, and is made", () => {
    vi.stubEnv("HOME", join(folder, "home"));
    expect(writableCacheFolder({})).toBe(join(folder, "home", ".cache", "server-bench"));
    expect(writableCacheFolder({})).toBe(cacheFolder({}));
  });

  it("is in the temporary folder where the home folder cannot be written, unless XDG_CACHE_HOME names another", () => {
    vi.stubEnv("HOME", noFolder);
    vi.stubEnv("TMPDIR", join(folder, "tmp"));
    expect(writableCacheFolder({})).toMatch(/\/tmp\/server-bench-cache(-\d+)?$/);
    expect(writableCacheFolder({ XDG_CACHE_HOME: noFolder })).toBe(join(noFolder, "server-bench"));
  });

  it("is the usual one where neither can be written, so that the error names it", () => {
    vi.stubEnv("HOME", noFolder);
    vi.stubEnv("TMPDIR", noFolder);
    expect(writableCacheFolder({})).toBe(join(noFolder, ".cache", "server-bench"));
  });
});
