import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { makeTemporaryFolder, toTemporaryPath } from "./temporary.ts";

const folder = mkdtempSync(join(tmpdir(), "temporary-"));
afterAll(() => rmSync(folder, { recursive: true }));
const output = join(folder, "rows.jsonl");

/** What another process makes that ends without removing it. */
function abandon(expression: string): string {
  const module = JSON.stringify(new URL("./temporary.ts", import.meta.url).href);
  const script = `
    import { makeTemporaryFolder, toTemporaryPath } from ${module};
    import { writeFileSync } from "node:fs";
    console.log(${expression});
    process.kill(process.pid, "SIGKILL");`;
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
  return stdout.trim();
}

describe.runIf(process.platform === "linux")("what a killed process left", () => {
  it("is removed by the next one that makes a temporary file in that folder, but nothing else is", () => {
    const path = `((path) => (writeFileSync(path, "x"), path))(toTemporaryPath(${JSON.stringify(output)}))`;
    const left = abandon(path);
    const own = toTemporaryPath(output);
    expect(existsSync(left)).toBe(false);
    const others = own.replace(/\.[0-9a-f]{8}-/, ".00000000-");
    const [old, fresh] = [others.replace("rows", "old"), others.replace("rows", "fresh")];
    for (const one of [own, old, fresh, join(folder, "rows.jsonl.7.tmp")]) writeFileSync(one, "x");
    utimesSync(old, 1, 1);
    toTemporaryPath(join(folder, "other.jsonl"));
    expect(readdirSync(folder).sort()).toEqual(
      [own, fresh, "rows.jsonl.7.tmp"].map((one) => one.slice(one.lastIndexOf("/") + 1)).sort(),
    );
  });

  it("is removed with its content where it is a folder", () => {
    const left = abandon(`((path) => (writeFileSync(path + "/x", "x"), path))(makeTemporaryFolder("probe"))`);
    expect(dirname(left)).toBe(tmpdir());
    const own = makeTemporaryFolder("calibration");
    expect([existsSync(left), existsSync(own)]).toEqual([false, true]);
    const second = makeTemporaryFolder("probe");
    expect(existsSync(own)).toBe(true);
    for (const one of [own, second]) rmSync(one, { recursive: true });
  });
});
