import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { EXIT } from "../../platform/exit-codes.ts";
import { findScenario, listScenarios } from "./scenario-file.ts";

const folder = mkdtempSync(join(tmpdir(), "server-bench-scenario-"));
for (const name of ["mine.ts", "mine.js", "script.ts"]) writeFileSync(join(folder, name), "");
mkdirSync(join(folder, "folder.ts"));

describe("the scenario that is named", () => {
  const rows: [string, string, boolean][] = [
    ["an own one in TypeScript is bundled", "mine.ts", true],
    ["a k6 script stays as it is", "mine.js", false],
    ["a path is never one of ours, even with its name", "script.ts", true],
  ];
  it.each(rows)("%s", (_, name, needsBundle) => {
    const path = join(folder, name);
    expect(findScenario(path)).toEqual({ path, needsBundle });
  });

  const missing: [string, string][] = [
    ["a name that none has", "nope"],
    ["a file that is not there", join(folder, "other.ts")],
    ["a folder", join(folder, "folder.ts")],
  ];
  it.each(missing)("%s is told with those that there are", (_, given) => {
    let error: unknown;
    try {
      findScenario(given);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({
      message: expect.stringMatching(/^There is no scenario `.*`\. Scenarios: .*`script`.*\(`\.ts`\)\.$/),
      exitCode: EXIT.usage,
    });
  });

  it("the classic is among ours, a test is not", () => {
    expect(listScenarios()).toContain("script");
    expect(listScenarios().filter((name) => name.includes("test"))).toEqual([]);
  });
});
