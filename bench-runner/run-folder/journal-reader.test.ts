import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { type JournalState, readJournal } from "./journal-reader.ts";

const folder = mkdtempSync(join(tmpdir(), "journal-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function read(text: string, state: JournalState = {}): Promise<unknown[]> {
  const path = join(folder, "records.jsonl");
  writeFileSync(path, text);
  const lines = [];
  for await (const line of readJournal(path, state)) lines.push(line);
  return lines;
}

describe("readJournal", () => {
  test("returns every line, even if a character spans two blocks of the file", async () => {
    const text = `{"type":"end","requests":1,"x":"${"é".repeat(1_500_000)}"}\n{"type":"end","tMs":2}\n`;
    const lines = await read(text);
    expect(lines).toHaveLength(2);
    expect((lines[0] as { x: string }).x).toBe("é".repeat(1_500_000));
  });

  test("omits a torn last line and reports its number", async () => {
    const state: JournalState = {};
    expect(await read('{"type":"end"}\n{"type":"requ', state)).toEqual([{ type: "end" }]);
    expect(state.tornLine).toBe(2);
  });

  test("leaves out lines that repeat a request, and counts them", async () => {
    const request = (id: number) => `{"type":"request","id":${id},"startMs":1,"endMs":2}\n`;
    const state: JournalState = {};
    const lines = await read([7, 1, 70_000, 7, 8, 70_000, 7].map(request).join(""), state);
    expect(lines.map((line) => (line as { id: number }).id)).toEqual([7, 1, 70_000, 8]);
    expect(state.repeatedLines).toBe(3);
  });

  test("accepts a complete last line without a line feed", async () => {
    const state: JournalState = {};
    expect(await read('{"type":"end"}', state)).toHaveLength(1);
    expect(state.tornLine).toBeUndefined();
  });

  test("names a malformed line in the middle", async () => {
    await expect(read('{"type":"end"}\n{"type":\n{"type":"end"}\n')).rejects.toThrow(/Line 2 of the journal/);
  });

  test.each([
    "null",
    "[]",
    "7",
    '"request"',
    '{"type":"request"}',
    '{"type":"request","id":1,"startMs":null,"endMs":{}}',
  ])("names a line that is %s", async (line) => {
    await expect(read(`{"type":"end"}\n${line}\n`)).rejects.toThrow(/Line 2 of the journal/);
  });

  test("refuses another schema, and reports a missing file", async () => {
    await expect(read('{"type":"header","schema":"server-bench/records/9"}\n')).rejects.toThrow(/records\/9/);
    await expect(readJournal(join(folder, "none.jsonl")).next()).rejects.toThrow(/does not exist/);
  });
});
