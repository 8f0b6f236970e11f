import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { writeFolder } from "../../../test/unit-support/examples/small-tokenizer.ts";
import { readHistogram, withHistograms } from "./histogram-file.ts";

const write = (text: string) => join(writeFolder("lengths.csv", text), "lengths.csv");
const bins = [
  { low: 128, high: 128, weight: 5 },
  { low: 256, high: 512, weight: 0.5 },
];

describe("readHistogram", () => {
  it.each([
    "128,5\n256-512,0.5\n",
    "length,weight\n# a comment\n\n128, 5\r\n256-512, 0.5 # another",
    "\uFEFFtokens;count\n128;5\n256-512;0.5",
    "128 5\n256-512   0.5",
    "128\t5\n256-512\t5e-1",
  ])("reads %j", async (text) => {
    expect(await readHistogram(write(text))).toEqual(bins);
  });

  it.each<[string, RegExp]>([
    ["128,5\nlength,weight\n", /lengths\.csv, line 2: expected .* got `length,weight`\. Correct/],
    ["a,b\n\n512-256,1", /line 3: expected .* got `512-256,1`/],
    ["128,-5", /line 1: expected/],
    ["128", /line 1: expected/],
    ["1,2,3", /line 1: expected/],
    ["", /has no rows: expected/],
    ["length,weight\n", /has no rows/],
    ["5,0", /has no weight above 0/],
    ['1,2\n"3,4', /line \d: the quotes/],
  ])("refuses %j", async (text, message) => {
    await expect(readHistogram(write(text))).rejects.toThrow(message);
  });

  it("names a file that is missing", async () => {
    await expect(readHistogram("/nowhere/x.csv")).rejects.toThrow(
      "Histogram /nowhere/x.csv cannot be read: it does not exist.",
    );
  });
});

it("replaces the files of options by their content", async () => {
  const text = `histogram:${write("128,5\n256-512,0.5")}`;
  const inline = "histogram:128=5,256-512=0.5";
  expect(
    await withHistograms({ promptTokens: text, outputTokens: "dataset", thinkTime: text, seed: 1 }),
  ).toEqual({
    promptTokens: inline,
    outputTokens: "dataset",
    thinkTime: inline,
    seed: 1,
  });
  const long = write(Array.from({ length: 20_000 }, (_, length) => `${length},1`).join("\n"));
  await expect(withHistograms({ outputTokens: `histogram:${long}` })).rejects.toThrow(
    /--output-tokens`\) is too long/,
  );
});
