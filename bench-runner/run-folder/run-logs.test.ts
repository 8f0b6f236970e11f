import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { hideInLogs } from "./run-logs.ts";

const folder = mkdtempSync(join(tmpdir(), "run-logs-"));
afterAll(() => rmSync(folder, { recursive: true }));
const hidden = (text: string) => text.replaceAll("sesame", "(hidden)");

it("secrets are taken out of all logs of a folder, and nothing else changes", async () => {
  mkdirSync(join(folder, "repeat-2"));
  const long = `${"x".repeat(70_000)}sesame\r\n${"y".repeat(70_000)}\nlast`;
  writeFileSync(join(folder, "k6.log"), long);
  writeFileSync(join(folder, "repeat-2", "server.log"), "a sesame");
  writeFileSync(join(folder, "server.log"), "no secret\r\n");
  writeFileSync(join(folder, "prompts.jsonl"), "sesame");
  const { ino } = statSync(join(folder, "server.log"));

  expect(await hideInLogs(folder, hidden)).toEqual([]);
  expect(readFileSync(join(folder, "k6.log"), "utf8")).toBe(hidden(long));
  expect(readFileSync(join(folder, "repeat-2", "server.log"), "utf8")).toBe("a (hidden)");
  expect(readFileSync(join(folder, "prompts.jsonl"), "utf8")).toBe("sesame");
  expect(statSync(join(folder, "server.log")).ino).toBe(ino);
  expect(readdirSync(folder, { recursive: true }).filter((name) => String(name).endsWith(".part"))).toEqual(
    [],
  );
});

it("a log that cannot be rewritten is named", async () => {
  mkdirSync(join(folder, "odd", "k6.log"), { recursive: true });
  expect(await hideInLogs(join(folder, "odd"), hidden)).toEqual([join(folder, "odd", "k6.log")]);
  expect(await hideInLogs(join(folder, "none"), hidden)).toEqual([]);
});
