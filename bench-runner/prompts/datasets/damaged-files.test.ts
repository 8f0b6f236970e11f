// Files with damage or of unusual form: each is read right, or refused with the place and a remedy.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { UserError } from "../../platform/user-error.ts";
import { describeCounts, prepareDataset } from "./prepare.ts";

const limits = { maxPromptTokens: 1024, maxContext: 2048 };
const folder = mkdtempSync(join(tmpdir(), "damaged-"));
afterAll(() => rmSync(folder, { recursive: true }));

const parquet = readFileSync(new URL("../../../test/fixtures/datasets/oasst1.parquet", import.meta.url));
const line = (prompt: string) => `${JSON.stringify({ prompt })}\n`;
const latin1 = (text: string) => Buffer.from(text, "latin1");
/** A chunk of a file has 64 KiB. */
const CHUNK = 64 * 1024;

function prepare(name: string, content: string | Buffer, allowPartial = false) {
  const input = join(folder, name);
  writeFileSync(input, content);
  return prepareDataset(input, join(folder, "output.jsonl"), { ...limits, allowPartial });
}

describe("a file is refused", () => {
  const table: [sentence: string, name: string, content: string | Buffer, message: string][] = [
    [
      "that is in Latin 1",
      "a.jsonl",
      latin1(`${line("one two three four")}${line("ein schöner Tag heute")}`),
      "line 2 is not in UTF-8 (at byte 32 or soon after). Convert the file",
    ],
    [
      "whose wrong byte follows the first half of a character at a chunk's end",
      "a.txt",
      Buffer.concat([Buffer.from(`${"a".repeat(CHUNK - 2)}\n`), Buffer.from([0xc3, 0x41, 10, 0x41])]),
      "line 2 is not in UTF-8",
    ],
    [
      "that ends within a character",
      "a.txt",
      Buffer.from("one two three fouré").subarray(0, -1),
      "ends within a character",
    ],
    [
      "whose array is in Latin 1",
      "a.json",
      latin1('[{"prompt":"ein schöner Tag heute"}]'),
      "line 1 is not in UTF-8",
    ],
    [
      "whose CSV is in Latin 1",
      "a.csv",
      latin1("id,prompt\n1,ein schöner Tag heute"),
      "line 2 is not in UTF-8",
    ],
    [
      "that is in UTF-16",
      "a.jsonl",
      Buffer.from(`\uFEFF${line("a b c d")}`, "utf16le"),
      "is in UTF-16. Convert it",
    ],
    ["that is packed", "a.jsonl.gz", Buffer.from([0x1f, 0x8b, 8, 0]), "is compressed with gzip. Unpack it"],
    ["that is not text", "a.bin", Buffer.from([1, 2, 0, 3]), "is not text"],
    ["whose Parquet is cut off", "a.parquet", parquet.subarray(0, -20), "cut off or damaged at its end"],
    [
      "whose Parquet is damaged",
      "b.parquet",
      Buffer.concat([parquet.subarray(0, 4), Buffer.alloc(200, 0xff), parquet.subarray(204)]),
      "rows 1 to 2 cannot be read",
    ],
    [
      "whose CSV has no column for prompts",
      "a.csv",
      "a,b\n1,2",
      "but `a`, `b`. Name the column of the prompts",
    ],
    [
      "whose CSV has a row with too few columns",
      "a.csv",
      "id,prompt\n1,a b c d\n2",
      "line 3 has a different number of columns",
    ],
    [
      "whose CSV has an open quote",
      "a.csv",
      'id,prompt\n1,"a b c d',
      "is malformed or cut off: check its quotes",
    ],
    ["whose CSV has a header only", "a.csv", "id,prompt\n", "it has no rows"],
    [
      "whose layout changes",
      "a.jsonl",
      `{"messages":[]}\n${line("a b c d")}`,
      "row 2 is not in the format `messages`",
    ],
    [
      "whose layout is unknown",
      "a.jsonl",
      '{"foo":1,"bar":2}',
      "row 1 has neither a text `prompt`, `question` or `text` nor a list of `messages`",
    ],
  ];
  it.each(table)("%s", async (_, name, content, message) => {
    const attempt = prepare(name, content);
    await expect(attempt).rejects.toThrow(message);
    await expect(attempt).rejects.toBeInstanceOf(UserError);
  });
});

describe("a file is read", () => {
  it("with CRLF, blank lines, a byte order mark and no last line end", async () => {
    expect(await prepare("a.txt", "\uFEFFone two three four\r\n\r\nfive six seven eight")).toMatchObject({
      read: 2,
      written: 2,
    });
  });

  it("with characters across its chunks", async () => {
    const prompt = "ä ".repeat(CHUNK / 2);
    expect(await prepare("a.txt", `x${prompt}\none two three €`)).toMatchObject({ read: 2, written: 1 });
  });

  it("with a row of 10 MB, which the filter leaves out", async () => {
    const rows = line("word ".repeat(2 << 20)) + line("one two three four");
    expect(await prepare("a.jsonl", rows)).toMatchObject({ read: 2, written: 1, leftOut: { longPrompt: 1 } });
  });

  it("with repeated prompts, which are kept and counted", async () => {
    const counts = await prepare("a.jsonl", line("a b c d").repeat(3) + line("e f g h") + line("x"));
    expect(counts).toMatchObject({ written: 4, repeated: 2 });
    expect(describeCounts(counts, limits)).toBe(
      "4 of 5 rows pass the filter; of the others 1 had a prompt under 4 words; 2 of those that pass repeat the prompt of an earlier one, and are kept",
    );
  });
});

describe("a file that is cut off", () => {
  const many = Array.from({ length: 300 }, (_, index) => ({ prompt: `this is prompt number ${index}` }));
  const array = JSON.stringify(many);
  const lines = many.map((row) => `${JSON.stringify(row)}\n`).join("");
  const table: [sentence: string, name: string, content: string | Buffer, read: number][] = [
    ["in a row of its array", "a.json", array.slice(0, -10), 299],
    ["after a row of its array", "a.json", array.slice(0, -1), 300],
    ["in its last line", "a.jsonl", lines.slice(0, -10), 299],
    ["in a character", "a.txt", Buffer.from("one two three four\nfive six seven eighté").subarray(0, -1), 1],
  ];
  it.each(table)(
    "%s is refused, or its whole rows are used where that is allowed",
    async (_, name, content, read) => {
      await expect(prepare(name, content)).rejects.toThrow(
        "use the whole rows before that with `--allow-partial`",
      );
      const counts = await prepare(name, content, true);
      expect(counts).toMatchObject({ read, written: read, isPartial: true });
      expect(describeCounts(counts, limits)).toContain(`; the file is cut off after row ${read}`);
    },
  );

  it("and malformed before its end is still refused", async () => {
    await expect(prepare("a.jsonl", `{"prompt":\n${lines}`, true)).rejects.toThrow("row 1 is malformed");
    await expect(prepare("a.json", `[{"prompt":?${array}`, true)).rejects.toThrow("is malformed near byte");
  });
});
