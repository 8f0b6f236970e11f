import { appendFileSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { JournalLine, RequestLine } from "../../../lib/core/request/facts.ts";
import { mixed, request } from "../../../test/unit-support/examples/example-journal.ts";
import { JournalFollower } from "./journal-follower.ts";

function follow(): { path: string; lines: JournalLine[]; follower: JournalFollower } {
  const path = join(mkdtempSync(join(tmpdir(), "server-bench-follow-")), "records.jsonl");
  const lines: JournalLine[] = [];
  return { path, lines, follower: new JournalFollower(path, (line) => lines.push(line)) };
}
const idsOf = (lines: JournalLine[]) => lines.map((line) => (line as RequestLine).id);
const toText = (lines: RequestLine[]) => lines.map((line) => `${JSON.stringify(line)}\n`).join("");

it("returns each line once, as soon as it is complete, of a file that is created later", async () => {
  const { path, lines, follower } = follow();
  await follower.readOn();
  const [first, second] = [toText([request(1, 0)]), toText([request(2, 0)])];
  writeFileSync(path, first + second.slice(0, 40));
  await follower.readOn();
  await follower.readOn();
  expect(idsOf(lines)).toEqual([1]);
  appendFileSync(path, second.slice(40));
  await follower.readOn();
  expect(idsOf(lines)).toEqual([1, 2]);
  await follower.close();
});

it("skips nothing, even after a large write, and splits no character", async () => {
  const { path, lines, follower } = follow();
  const many = mixed(3000).map((line) => ({ ...line, body: "ü€😀".repeat(50) }));
  const text = toText(many);
  expect(Buffer.byteLength(text)).toBeGreaterThan(2 << 20);
  writeFileSync(path, text);
  await Promise.all([follower.readOn(), follower.readOn()]);
  expect(lines).toEqual(JSON.parse(JSON.stringify(many)));
  await follower.close();
});

it("accepts a line that is longer than a chunk", async () => {
  const { path, lines, follower } = follow();
  const long = request(1, 0, { gapsUs: Array.from({ length: 200_000 }, (_, index) => index) });
  writeFileSync(path, toText([long, request(2, 0)]));
  await follower.readOn();
  expect(lines[0]).toEqual(long);
  expect(idsOf(lines)).toEqual([1, 2]);
  await follower.close();
});

it("omits lines that are not of a journal", async () => {
  const { path, lines, follower } = follow();
  writeFileSync(path, `nonsense\n\n[1]\nnull\n${toText([request(3, 0)])}`);
  await follower.readOn();
  expect(idsOf(lines)).toEqual([3]);
  await follower.close();
});
