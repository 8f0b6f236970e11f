// Every room of the house has its lint rule: arrows go down only, so a new folder needs its place in the order first.
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const root = new URL("../", import.meta.url);

/** From top to bottom, as ARCHITECTURE.md lists them: a room imports only rooms below it. */
const HOUSES: Readonly<Record<string, readonly string[]>> = {
  "bench-runner": [
    "cli",
    "runs",
    "decide",
    "outputs",
    "summary",
    "load",
    "prompts",
    "servers",
    "config",
    "run-folder",
    "statistics",
    "platform",
  ],
  "lib/core": ["goals", "options", "plans", "apis", "prompts", "request"],
  "lib/k6": ["parts", "ppl", "community", "prepare", "request"],
};

interface Override {
  includes: string[];
  linter: {
    rules: {
      style?: { noRestrictedImports?: { level: string; options: { patterns: { group: string[] }[] } } };
    };
  };
}

const { overrides } = JSON.parse(readFileSync(new URL("biome.json", root), "utf8")) as {
  overrides: Override[];
};

describe.each(Object.entries(HOUSES))("%s", (house, rooms) => {
  it("has the rooms of the list, and no others", () => {
    const entries = readdirSync(new URL(`${house}/`, root), { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    expect(folders.sort()).toEqual([...rooms].sort());
  });

  it.each(rooms.map((room, place) => [room, rooms.slice(0, place)] as const))(
    "%s imports no room above it",
    (room, above) => {
      const rule = overrides.find(({ includes }) => includes[0] === `${house}/${room}/**`)?.linter.rules.style
        ?.noRestrictedImports;
      expect(rule?.level).toBe("error");
      const refused = rule?.options.patterns.flatMap(({ group }) => group) ?? [];
      expect(refused).toEqual(expect.arrayContaining(above.map((name) => `**/${name}/**`)));
      expect(refused).toContain("**/test/**");
    },
  );
});

it("bench-runner has no loose files but its entry points", () => {
  const entries = readdirSync(new URL("bench-runner/", root), { withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  expect(files.sort()).toEqual(["launch.mjs", "main.ts", "package.json", "tsconfig.json"]);
});
