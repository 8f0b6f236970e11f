import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { UserError } from "../../platform/user-error.ts";
import { prepareDataset } from "./prepare.ts";

const limits = { maxPromptTokens: 1024, maxContext: 2048 };
const conversation = (prompt: string) => ({
  id: "x",
  conversations: [
    { from: "human", value: prompt },
    { from: "gpt", value: "an answer of five words" },
  ],
});

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "datasets-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function prepare(text: string | Buffer) {
  const input = join(folder, "input.json");
  writeFileSync(input, text);
  return prepareDataset(input, join(folder, "output.jsonl"), limits);
}
const outputRows = () =>
  readFileSync(join(folder, "output.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

describe("prepareDataset", () => {
  it("leaves out prompts with a broken character, and counts them", async () => {
    const rows = ["all is well with this 😀", "half of it \\ud83d is gone", "nobody could read \uFFFD this"];
    const text = rows.map((prompt) => `{"prompt": "${prompt}"}`).join("\n");
    expect(await prepare(text)).toMatchObject({ read: 3, written: 1, leftOut: { brokenCharacter: 2 } });
    expect(outputRows().map(({ prompt }) => prompt)).toEqual(rows.slice(0, 1));
  });

  it("turns a ShareGPT array into rows, and counts what it leaves out", async () => {
    const text = JSON.stringify([
      conversation('what is a 日本 "quoted" 😀 word'),
      conversation("hi"),
      { conversations: [] },
    ]);
    expect(await prepare(`\uFEFF${text}`)).toEqual({
      format: "sharegpt",
      read: 3,
      written: 1,
      repeated: 0,
      notedLengths: 0,
      isPartial: false,
      leftOut: { shortPrompt: 1, oneTurn: 1 },
    });
    expect(outputRows()).toEqual([
      { id: "sharegpt-1", prompt: 'what is a 日本 "quoted" 😀 word', answerTokens: 5 },
    ]);
  });

  it("reads JSON lines", async () => {
    const row = { id: "a", task: "chat", prompt: "one two three four" };
    expect(
      await prepare(`\uFEFF${JSON.stringify(row)}\r\n\r\n${JSON.stringify(conversation("a b c d"))}`),
    ).toMatchObject({
      written: 2,
    });
    expect(outputRows()).toEqual([row, { id: "sharegpt-2", prompt: "a b c d", answerTokens: 5 }]);
  });

  it("reads more than fits into its buffers", async () => {
    const many = Array.from({ length: 2000 }, (_, i) =>
      conversation(`prompt number ${i} ${"ä ".repeat(400)}`),
    );
    expect(await prepare(JSON.stringify(many))).toMatchObject({ read: 2000, written: 2000 });
    expect(outputRows()).toHaveLength(2000);
  });

  it("reports at which byte a large array is cut off, after how many whole rows", async () => {
    const many = Array.from({ length: 2000 }, (_, i) =>
      conversation(`prompt number ${i} ${"ä ".repeat(400)}`),
    );
    const bytes = Buffer.from(JSON.stringify(many));
    const cutAt = bytes.indexOf("number 1500 ");
    await expect(prepare(bytes.subarray(0, cutAt))).rejects.toThrow(
      `is cut off: it ends at byte ${cutAt}, after 1500 whole rows`,
    );
  });

  it("reports at which byte a large array is malformed", async () => {
    const many = Array.from({ length: 2000 }, (_, i) =>
      conversation(`prompt number ${i} ${"ä ".repeat(400)}`),
    );
    const bytes = Buffer.from(JSON.stringify(many));
    const brokenAt = bytes.indexOf('{"id"', bytes.indexOf("number 700 "));
    bytes.write("?", brokenAt);
    await expect(prepare(bytes)).rejects.toThrow(`is malformed near byte ${brokenAt}, after 701 whole rows`);
  });

  it.each([
    ["an empty file", " \n", "is empty"],
    ["an empty array", "[]", "it has no rows"],
    ["a line that is cut off", '{"prompt":"one two three four"}\n{"pro', "row 2 is malformed or cut off"],
    ["another kind of object", '[{"foo":"x"}]', "row 1 has neither"],
    ["rows that all fail", '[{"prompt":"x"}]', "no row passes the filter: 1 had a prompt under 4 words"],
  ])("says what is wrong with %s", async (_, text, message) => {
    const attempt = prepare(text);
    await expect(attempt).rejects.toThrow(message);
    await expect(attempt).rejects.toBeInstanceOf(UserError);
  });

  it("reports when the input is missing or a folder", async () => {
    await expect(prepareDataset(join(folder, "nope"), join(folder, "o"), limits)).rejects.toThrow(
      "does not exist",
    );
    await expect(prepareDataset(folder, join(folder, "o"), limits)).rejects.toThrow("it is a folder");
  });

  it("reports when the output cannot be written", async () => {
    await prepare('{"prompt":"one two three four"}');
    await expect(prepareDataset(join(folder, "input.json"), join(folder, "no", "o"), limits)).rejects.toThrow(
      "Cannot write the dataset",
    );
  });

  it("leaves the old output in place, and nothing else, when it fails", async () => {
    await prepare('{"prompt":"one two three four"}');
    await expect(prepare('{"prompt":"one two three four"}\n{')).rejects.toThrow("row 2");
    expect(outputRows()).toHaveLength(1);
    expect(readdirSync(folder).toSorted()).toEqual(["input.json", "output.jsonl"]);
  });
});
