import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { HostLine } from "./run-files.ts";
import { readRunInput, toClientUse } from "./run-input.ts";

const path = mkdtempSync(join(tmpdir(), "run-input-"));
const folder = { file: (name: string) => join(path, name) };
afterAll(() => rmSync(path, { recursive: true }));

describe("readRunInput", () => {
  test("without a journal there is nothing to summarise; without its configuration that is an error", () => {
    expect(readRunInput(folder)).toBeUndefined();
    writeFileSync(folder.file("records.jsonl"), "");
    expect(() => readRunInput(folder)).toThrow(/config\.json cannot be read: it does not exist/);
    writeFileSync(folder.file("config.json"), "{");
    expect(() => readRunInput(folder)).toThrow(/config\.json cannot be read: it is no JSON/);
  });
});

describe("toClientUse", () => {
  const line = (atUnixMs: number, memoryBytes: number, cpuCores?: number): HostLine => ({
    type: "host",
    atUnixMs,
    processes: { k6: { memoryBytes, ...(cpuCores !== undefined && { cpuCores }) } },
  });

  test("adds busy cores over the time between samples", () => {
    // 0.5 cores for 1 s and 1 core for 2 s: 2.5 s of CPU in 3 s
    expect(toClientUse([line(0, 50), line(1000, 80, 0.5), line(3000, 60, 1)], 2)).toEqual({
      k6CpuSeconds: 2.5,
      k6CpuCores: 2.5 / 3,
      k6PeakMemoryBytes: 80,
      logicalCores: 2,
    });
  });

  test("says nothing of the CPU after one sample, and nothing at all after none", () => {
    expect(toClientUse([line(0, 50)], undefined)).toEqual({ k6PeakMemoryBytes: 50 });
    expect(toClientUse([], 2)).toBeUndefined();
  });
});
