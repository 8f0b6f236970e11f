import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { EXIT } from "../../platform/exit-codes.ts";
import { inProject } from "../../platform/project-root.ts";
import { findPackage } from "../../platform/scenario-bundle.mjs";
import { bundleScenario } from "./own-scenario.ts";

const folder = mkdtempSync(join(tmpdir(), "server-bench-own-"));
const cache = join(folder, "cache");

function writeSource(name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

async function bundle(text: string): Promise<{ path: string; script: string }> {
  const path = await bundleScenario(writeSource("mine.ts", text), cache);
  return { path, script: readFileSync(path, "utf8") };
}

describe("a bundle", () => {
  const whole = `
    import { pickRow, prepareScenario } from "server-bench";
    import { sleep } from "k6";
    import { PAUSE } from "./lib/pause.ts";
    const scenario = prepareScenario();
    export default function (): void { pickRow(scenario.rows, 0, 1); sleep(PAUSE as number); }`;

  it("is one script with the source's name, and a source map", async () => {
    writeSource("lib/pause.ts", "export const PAUSE: number = 0.125;");
    const { path, script } = await bundle(whole);
    expect(readdirSync(dirname(path)).sort()).toEqual(["mine.js", "mine.js.map"]);
    expect(script).toContain(".125");
    expect(script).toMatch(/from ?"k6"/);
  });

  it("finds the project's parts from any folder", async () => {
    const { script } = await bundle(whole);
    expect(script).toContain(inProject("dist", "parts"));
  });

  it("contains only the building blocks that the scenario uses", async () => {
    const { script } = await bundle(`
      import { createRandom } from "server-bench";
      export default function () { createRandom(1); }`);
    expect(script.length).toBeLessThan(600);
  });

  it("has the same path for the same content, and a different one for other content", async () => {
    const { path: first } = await bundle("export default () => 1;");
    const { path: other } = await bundle("export default () => 2;");
    const { path: again } = await bundle("export default () => 1;");
    expect(again).toBe(first);
    expect(other).not.toBe(first);
    expect(readFileSync(first, "utf8")).toContain("1");
  });

  it("opens files from the folder of its source", async () => {
    const { script } = await bundle(`
      const text = open("./prompts.txt");
      const url = import.meta.resolve("./more.txt");
      export default () => text + url;`);
    expect(script).toContain(`${folder}`);
    expect(script).not.toContain("import.meta");
  });

  it("leaves modules with a URL to k6", async () => {
    const url = "https://jslib.k6.io/k6-utils/1.4.0/index.js";
    const { script } = await bundle(`
      import { uuidv4 } from "${url}";
      export default () => uuidv4();`);
    expect(script).toContain(url);
  });
});

describe("a scenario that cannot be bundled is reported with its place, and leaves no files", () => {
  writeSource("node_modules/tiny/index.js", "export const tiny = () => 1;");
  const byName = /A scenario can import its own files \(by a path .* `server-bench` or a URL\./;
  const rows: [string, string, RegExp[]][] = [
    [
      "a syntax error",
      "export default function () {\n  const = 3;\n}",
      [/^The scenario `.*faulty\.ts` cannot be bundled:\n {2}.*faulty\.ts:2:9: Expected identifier/],
    ],
    [
      "a file that is not there",
      'import { a } from "./none.ts";\nexport default a;',
      [/faulty\.ts:1:19: Could not resolve "\.\/none\.ts"$/],
    ],
    [
      "a name that server-bench does not have",
      'import { nothing } from "server-bench";\nexport default nothing;',
      [/faulty\.ts:1:10: No matching export in ".*lib\/k6\/index\.ts" for import "nothing"/],
    ],
    [
      "an npm package that is not there",
      'import lodash from "lodash";\nexport default lodash;',
      [/faulty\.ts:1:20: Could not resolve "lodash"/, byName],
    ],
    [
      "a module of Node",
      'import { readFileSync } from "node:fs";\nexport default readFileSync;',
      [/faulty\.ts:1:30: Could not resolve "node:fs"/, byName],
    ],
    [
      "an npm package that is there",
      'import { tiny } from "tiny";\nexport default tiny;',
      [
        /^The scenario `.*faulty\.ts` contains the npm package `tiny`, but a scenario cannot use npm packages/,
      ],
    ],
    [
      "too much of everything",
      `export default () => ${JSON.stringify("abcdefghij".repeat(1300))};`,
      [/^The scenario `.*faulty\.ts` has 12\.8 KB as a bundle, more than 12 KB: .* by `open` in a/],
    ],
  ];
  it.each(rows)("%s", async (_, text, messages) => {
    const target = join(folder, "untouched");
    const error = await bundleScenario(writeSource("faulty.ts", text), target).catch((thrown) => thrown);
    for (const message of messages) expect(error.message).toMatch(message);
    expect(error).toMatchObject({ name: "UserError", exitCode: EXIT.usage });
    expect(existsSync(target)).toBe(false);
  });

  it("a cache folder that cannot be created", async () => {
    const source = writeSource("fine.ts", "export default () => 1;");
    await expect(bundleScenario(source, join(source, "cache"))).rejects.toThrow(
      /^The bundle of .* cannot be written to .*: a part of the path is a file, not a folder\. Name another/,
    );
  });
});

describe("the npm package in a bundle", () => {
  const rows: [string, string, string, string | undefined][] = [
    ["none among own files", "lib/a.ts", "/home/me/server-bench", undefined],
    ["one of the project's", "node_modules/left/index.js", "/home/me/server-bench", "left"],
    ["one with a scope, of the user's", "/work/node_modules/@a/b/c.js", "/home/me/server-bench", "@a/b"],
    ["not the project itself, installed as one", "lib/a.ts", "/home/me/node_modules/server-bench", undefined],
  ];
  it.each(rows)("%s", (_, input, root, expected) => {
    expect(findPackage(["mine.ts", input], root, root)).toBe(expected);
  });
});
