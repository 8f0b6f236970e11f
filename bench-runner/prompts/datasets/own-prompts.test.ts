// The default dataset matches its README.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { LOAD_OPTIONS } from "../../../lib/core/options/options.ts";
import { readDataset } from "../../../lib/core/prompts/read-dataset.ts";
import { countWords } from "../../../lib/core/prompts/row-filter.ts";

const text = readFileSync(new URL("../../../datasets/prompts.jsonl", import.meta.url), "utf8");
const limits = {
  maxPromptTokens: LOAD_OPTIONS.maxPromptTokens.default,
  maxContext: LOAD_OPTIONS.maxContext.default,
};
const { rows, failures } = readDataset(text, limits, { nPrompts: 1000, order: "sequential", seed: 1 });

describe("datasets/prompts.jsonl", () => {
  it("has 400 rows, all of which pass the default filter", () => {
    expect(rows).toHaveLength(400);
    expect(failures).toEqual({});
  });

  it("has 100 rows of each task, in turn", () => {
    const tasks = ["chat", "question-answering", "summarization", "code"];
    expect(rows.map(({ task }) => task)).toEqual(rows.map((_, index) => tasks[index % tasks.length]));
  });

  it("repeats neither an id nor a prompt", () => {
    expect(new Set(rows.map(({ id }) => id)).size).toBe(400);
    expect(new Set(rows.map(({ prompt }) => prompt)).size).toBe(400);
  });

  it("has prompts of varied length, as the README says", () => {
    const lengths = rows.map(({ prompt }) => countWords(prompt)).toSorted((a, b) => a - b);
    expect([lengths[0], lengths[200], lengths[399]]).toEqual([6, 54, 432]);
  });
});
