import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { EXIT } from "../../platform/exit-codes.ts";
import { findScenario, listScenarios } from "./scenario-file.ts";

const folder = mkdtempSync(join(tmpdir(), "server-bench-scenario-"));
for (const name of ["mine.ts", "mine.js", "script.ts"]) writeFileSync(join(folder, name), "");
mkdirSync(join(folder, "folder.ts"));

describe("the named scenario", () => {
  const rows: [string, string, boolean][] = [
    ["an own one in TypeScript is bundled", "mine.ts", true],
    ["a k6 script stays as it is", "mine.js", false],
    ["a path is never a built-in scenario, even with its name", "script.ts", true],
  ];
  it.each(rows)("%s", (_, name, needsBundle) => {
    const path = join(folder, name);
    expect(findScenario(path)).toEqual({ path, needsBundle });
  });

  const missing: [string, string][] = [
    ["an unknown name", "nope"],
    ["a missing file", join(folder, "other.ts")],
    ["a folder", join(folder, "folder.ts")],
  ];
  it.each(missing)("%s is refused with a list of the scenarios", (_, given) => {
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

  it("the list has the classic scenario, and no tests", () => {
    expect(listScenarios()).toContain("script");
    expect(listScenarios().filter((name) => name.includes("test"))).toEqual([]);
  });
});
