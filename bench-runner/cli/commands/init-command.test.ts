import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { readConfig } from "../../config/files/read-config.ts";
import { SHOWN_KEYS, toConfigYaml } from "../init/config-yaml.ts";
import { writeConfigYaml } from "./init-command.ts";

const folder = mkdtempSync(join(tmpdir(), "server-bench-init-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("writes the file, keeps an existing one, and replaces it with --force", () => {
  const path = writeConfigYaml(folder, false);
  expect(path).toBe(join(folder, "server-bench.yaml"));
  expect(readFileSync(path, "utf8")).toBe(toConfigYaml());
  writeFileSync(path, "mine: 1\n");
  expect(() => writeConfigYaml(folder, false)).toThrow(/already exists.*`init --force`/);
  expect(readFileSync(path, "utf8")).toBe("mine: 1\n");
  writeConfigYaml(folder, true);
  expect(readFileSync(path, "utf8")).toBe(toConfigYaml());
});

it("writes what the reader of configuration files takes", () => {
  const path = writeConfigYaml(folder, true);
  expect(Object.keys(readConfig(path).common).sort()).toEqual([...SHOWN_KEYS].sort());
});

it("writes comments that the reader accepts as well, once the signs are removed", () => {
  const path = writeConfigYaml(folder, true);
  const text = readFileSync(path, "utf8");
  writeFileSync(path, text.replace(/^# ([a-z]\w*: (?!.*<).*)$/gim, "$1"));
  expect(Object.keys(readConfig(path).common).length).toBeGreaterThan(SHOWN_KEYS.length + 20);
});

it("says where it cannot be written", () => {
  expect(() => writeConfigYaml(join(folder, "nowhere"), false)).toThrow(
    /cannot be written: it does not exist/,
  );
});
