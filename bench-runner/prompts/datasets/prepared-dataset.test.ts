import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { prepareForRun } from "./prepared-dataset.ts";

const folder = mkdtempSync(join(tmpdir(), "server-bench-dataset-"));
const variables = { XDG_CACHE_HOME: join(folder, "cache") };
const limits = { maxPromptTokens: 100, maxContext: 200 };

function makeFile(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const row = (id: string, words: number) =>
  `${JSON.stringify({ id, prompt: "word ".repeat(words).trim() })}\n`;

describe("the dataset of a run", () => {
  it("is prepared into the cache folder, with a notice of what was left out", async () => {
    const dataset = makeFile("a.jsonl", row("short", 5) + row("long", 500));
    const { path, notices } = await prepareForRun({ dataset, ...limits }, variables);
    expect(path).toMatch(/cache\/server-bench\/datasets\/a-[0-9a-f]{12}\.jsonl$/);
    expect(readFileSync(path, "utf8")).toBe(row("short", 5));
    expect(notices).toEqual([
      `Dataset ${dataset}: 1 of 2 rows pass the filter; of the others 1 had a prompt over 100 words (maxPromptTokens).`,
    ]);
  });

  it("says at each use what was left out", async () => {
    const dataset = makeFile("again.jsonl", row("short", 5) + row("long", 500) + row("twice", 5));
    const first = await prepareForRun({ dataset, ...limits }, variables);
    expect(first.notices).toEqual([
      `Dataset ${dataset}: 2 of 3 rows pass the filter; of the others 1 had a prompt over 100 words (maxPromptTokens); 1 of those that pass repeat the prompt of an earlier one, and are kept.`,
    ]);
    expect(await prepareForRun({ dataset, ...limits }, variables)).toEqual(first);
  });

  it.each([
    ["lengths.jsonl", '{"prompt":"a b c d","output_tokens":120}\n{"prompt":"e f g h"}', 2],
    ["lengths.json", '[["a b c d", 4, 120]]', 1],
    ["lengths.csv", "prompt,Output_Tokens_Count\na b c d,120", 1],
    ["question.jsonl", '{"question":"a b c d","output_length":120}', 1],
  ])("%s notes lengths of answers, and a run says that it could request them", async (name, text, rows) => {
    const dataset = makeFile(name, text);
    const { path, notices } = await prepareForRun({ dataset, ...limits }, variables);
    expect(notices).toEqual([
      `Dataset ${dataset}: it notes the lengths of answers (1 of ${rows} rows), which the run does not request: \`--output-tokens dataset\` does.`,
    ]);
    expect(readFileSync(path, "utf8")).toContain('"answerTokens":120');
    const used = await prepareForRun({ dataset, ...limits, outputTokens: "dataset" }, variables);
    expect(used.notices).toEqual([]);
    const given = await prepareForRun({ dataset, ...limits, outputTokens: "64" }, variables);
    expect(given.notices).toEqual([]);
  });

  it("with a column of limits has the longest answer of each row", async () => {
    const dataset = makeFile("limits.csv", "prompt,Max_Tokens\na b c d,64\ne f g h,");
    const { path } = await prepareForRun({ dataset, ...limits }, variables);
    const rows = readFileSync(path, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(rows.map(({ maxTokens }) => maxTokens)).toEqual([64, undefined]);
  });

  it("with a length that is none is refused", async () => {
    const dataset = makeFile("wrong.csv", "prompt,output_tokens\na b c d,many");
    await expect(prepareForRun({ dataset, ...limits }, variables)).rejects.toThrow(
      'row 1: expected `output_tokens` to be a number, 0 or above, got "many"',
    );
  });

  it("is known by its bytes: not by its time, its folder or its size", async () => {
    const dataset = makeFile("bytes.jsonl", row("one", 5));
    const first = await prepareForRun({ dataset, ...limits }, variables);
    utimesSync(dataset, 1, 1);
    expect(await prepareForRun({ dataset, ...limits }, variables)).toEqual(first);
    mkdirSync(join(folder, "elsewhere"));
    const copy = makeFile("elsewhere/bytes.jsonl", row("one", 5));
    expect(await prepareForRun({ dataset: copy, ...limits }, variables)).toEqual(first);
    writeFileSync(dataset, row("two", 5));
    utimesSync(dataset, 1, 1);
    const other = await prepareForRun({ dataset, ...limits }, variables);
    expect(readFileSync(other.path, "utf8")).toBe(row("two", 5));
    // The ending of the name decides how the bytes are read.
    const text = makeFile("bytes.txt", row("one", 5));
    expect((await prepareForRun({ dataset: text, ...limits }, variables)).path).not.toBe(first.path);
  });

  const damages: [sentence: string, damage: (path: string) => void][] = [
    ["are cut off", (path) => truncateSync(path, 10)],
    ["have another byte", (path) => writeFileSync(path, row("one", 5).replace("word", "ward"))],
    ["are empty", (path) => writeFileSync(path, "")],
    ["lack their receipt", (path) => rmSync(`${path}.receipt.json`)],
    ["have a receipt that is cut off", (path) => truncateSync(`${path}.receipt.json`, 20)],
    ["have a receipt without counts", (path) => writeFileSync(`${path}.receipt.json`, "{}")],
  ];
  it.each(damages)("is made again, and says so, if the prepared rows %s", async (sentence, damage) => {
    const dataset = makeFile(`damaged ${sentence}.jsonl`, row("one", 5));
    const { path } = await prepareForRun({ dataset, ...limits }, variables);
    damage(path);
    const again = await prepareForRun({ dataset, ...limits }, variables);
    expect(again).toEqual({
      path,
      notices: [`Dataset ${dataset}: its prepared rows in ${path} were damaged, and are made again.`],
    });
    expect(readFileSync(path, "utf8")).toBe(row("one", 5));
    expect(await prepareForRun({ dataset, ...limits }, variables)).toEqual({ path, notices: [] });
  });

  it("is prepared once for the same file and options, and again when either changes", async () => {
    const dataset = makeFile("b.jsonl", row("one", 5));
    const first = await prepareForRun({ dataset, ...limits }, variables);
    const { ino } = statSync(first.path);
    expect((await prepareForRun({ dataset, ...limits }, variables)).path).toBe(first.path);
    expect(statSync(first.path).ino).toBe(ino);
    const other = await prepareForRun({ dataset, ...limits, maxContext: 300 }, variables);
    const forced = await prepareForRun({ dataset, ...limits, datasetFormat: "text" }, variables);
    const column = await prepareForRun({ dataset, ...limits, datasetColumn: "prompt" }, variables);
    const turns = await prepareForRun({ dataset, ...limits, maxTurns: 2 }, variables);
    const answers = await prepareForRun({ dataset, ...limits, maxTurns: 2, keepAnswers: true }, variables);
    const plain = await prepareForRun({ dataset, ...limits, style: "plain" }, variables);
    writeFileSync(dataset, row("one", 5) + row("two", 5));
    const changed = await prepareForRun({ dataset, ...limits }, variables);
    const all = [first, other, forced, column, turns, answers, plain, changed];
    expect(new Set(all.map(({ path }) => path)).size).toBe(8);
  });

  it("is the same if the form of reading is given or the default", async () => {
    const dataset = makeFile("form.jsonl", row("one", 5));
    const form = { maxTurns: 1, keepAnswers: false, style: "chat" } as const;
    const { path } = await prepareForRun({ dataset, ...limits }, variables);
    expect((await prepareForRun({ dataset, ...limits, ...form }, variables)).path).toBe(path);
  });

  it("is the project's own prompts if none is given", async () => {
    const { path } = await prepareForRun({ maxPromptTokens: 1024, maxContext: 2048 }, variables);
    expect(readFileSync(path, "utf8").trim().split("\n")).toHaveLength(400);
  });

  const wrong: [string, string | undefined, RegExp][] = [
    [
      "is missing",
      undefined,
      /The dataset `.*none.jsonl` cannot be read \(.*\): it does not exist. Check `--dataset`/,
    ],
    ["is empty", "", /is empty/],
    ["is cut off", '[{"conv', /cut off: it ends at byte 7/],
    ["has no row that passes", row("long", 500), /no row passes the filter: 1 had a prompt over 100 words/],
  ];
  it("that is no regular file is reported before anything starts", async () => {
    await expect(prepareForRun({ dataset: folder, ...limits }, variables)).rejects.toThrow("it is a folder");
    await expect(prepareForRun({ dataset: "/dev/null", ...limits }, variables)).rejects.toThrow(
      "it is not a regular file",
    );
    const fifo = join(folder, "fifo");
    execFileSync("mkfifo", [fifo]);
    await expect(prepareForRun({ dataset: fifo, ...limits }, variables)).rejects.toThrow(
      "it is not a regular file",
    );
  });

  it.each(wrong)("that %s is reported before anything starts", async (_, text, message) => {
    const dataset = text === undefined ? join(folder, "none.jsonl") : makeFile("wrong.json", text);
    await expect(prepareForRun({ dataset, ...limits }, variables)).rejects.toThrow(message);
  });
});
