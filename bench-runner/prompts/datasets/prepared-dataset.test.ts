import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
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
    const { path, notice } = await prepareForRun({ dataset, ...limits }, variables);
    expect(path).toMatch(/cache\/server-bench\/datasets\/a-[0-9a-f]{12}\.jsonl$/);
    expect(readFileSync(path, "utf8")).toBe(row("short", 5));
    expect(notice).toBe(
      `Dataset ${dataset}: 1 of 2 rows pass the filter; of the others 1 had a prompt over 100 words (maxPromptTokens).`,
    );
  });

  it("is prepared once for the same file and options, and again when either changes", async () => {
    const dataset = makeFile("b.jsonl", row("one", 5));
    const first = await prepareForRun({ dataset, ...limits }, variables);
    writeFileSync(first.path, "kept as it is");
    expect((await prepareForRun({ dataset, ...limits }, variables)).path).toBe(first.path);
    expect(readFileSync(first.path, "utf8")).toBe("kept as it is");
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
  it.each(wrong)("that %s is reported before anything starts", async (_, text, message) => {
    const dataset = text === undefined ? join(folder, "none.jsonl") : makeFile("wrong.json", text);
    await expect(prepareForRun({ dataset, ...limits }, variables)).rejects.toThrow(message);
  });
});
