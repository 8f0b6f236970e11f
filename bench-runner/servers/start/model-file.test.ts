import { createHash } from "node:crypto";
import { mkdtempSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkModelFile, fingerprintModel } from "./model-file.ts";

const folder = mkdtempSync(join(tmpdir(), "server-bench-model-"));

function makeFile(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe("a model file", () => {
  it("begins with GGUF", async () => {
    await expect(checkModelFile(makeFile("good.gguf", "GGUF\x03"), "good.gguf")).resolves.toBeUndefined();
  });

  const wrong: [string, () => string, RegExp][] = [
    [
      "is missing",
      () => join(folder, "none.gguf"),
      /The model `m` cannot be read \(.*none.gguf\): it does not exist/,
    ],
    ["is a folder", () => folder, /cannot be read \(.*\): it is a folder/],
    ["is empty", () => makeFile("empty.gguf", ""), /is not a GGUF file: it is empty/],
    [
      "is a pointer of git-lfs",
      () => makeFile("lfs.gguf", "version https://git-lfs"),
      /does not begin with `GGUF`/,
    ],
  ];
  it.each(wrong)("that %s is reported before a server starts", async (_, make, message) => {
    await expect(checkModelFile(make(), "m")).rejects.toThrow(message);
  });
});

describe("the fingerprint of a model", () => {
  it("is the SHA-256 of the file", async () => {
    const path = makeFile("small.gguf", "GGUF and more");
    const sha256 = createHash("sha256").update("GGUF and more").digest("hex");
    expect(await fingerprintModel(path)).toEqual({ path, bytes: 13, sha256 });
  });

  it("for a large file comes from its size and ends, under another name", async () => {
    const path = makeFile("large.gguf", "GGUF");
    const bytes = 300 * 2 ** 20;
    // A hole: no disk space is used.
    truncateSync(path, bytes);
    const first = Buffer.alloc(2 ** 20);
    first.write("GGUF");
    const hash = createHash("sha256")
      .update(String(bytes))
      .update(first)
      .update(Buffer.alloc(2 ** 20));
    expect(await fingerprintModel(path)).toEqual({ path, bytes, sha256OfSizeAndEnds: hash.digest("hex") });
  });

  it("for a file that is not there is absent", async () => {
    expect(await fingerprintModel(join(folder, "none.gguf"))).toBeUndefined();
  });
});
