import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readRunInput } from "./run-input.ts";

const path = mkdtempSync(join(tmpdir(), "run-input-"));
const folder = { file: (name: string) => join(path, name) };
afterAll(() => rmSync(path, { recursive: true }));

describe("readRunInput", () => {
  test("without a journal there is nothing to summarize; with a journal, a missing configuration is an error", () => {
    expect(readRunInput(folder)).toBeUndefined();
    writeFileSync(folder.file("records.jsonl"), "");
    expect(() => readRunInput(folder)).toThrow(/config\.json cannot be read: it does not exist/);
    writeFileSync(folder.file("config.json"), "{");
    expect(() => readRunInput(folder)).toThrow(/config\.json cannot be read: it is not valid JSON/);
  });
});
