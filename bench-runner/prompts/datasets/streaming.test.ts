// A dataset is streamed: preparing 50 MB needs no more memory than a small one.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "streaming-"));
afterAll(() => rmSync(folder, { recursive: true }));

it("50 MB are prepared within a heap of 40 MB", { timeout: 120_000 }, () => {
  const path = join(folder, "a.jsonl");
  writeFileSync(path, `{"prompt":"${"word ".repeat(200)}"}\n`.repeat(50_000));
  const { stdout, stderr } = spawnSync(process.execPath, [
    // Young objects count against the heap, too: with the usual 16 MB for them the time goes into collecting them.
    ...["--max-old-space-size=40", "--max-semi-space-size=4", "bench-runner/main.ts"],
    ...["datasets", "prepare", path, "--output", join(folder, "output.jsonl")],
  ]);
  expect(String(stderr)).toBe("");
  expect(String(stdout)).toContain("50000 of 50000 rows pass the filter; 49999 of those that pass repeat");
});
