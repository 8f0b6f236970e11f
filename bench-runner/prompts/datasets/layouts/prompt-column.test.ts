import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { DatasetFormat } from "../formats.ts";
import { prepareDataset } from "../prepare.ts";

const limits = { maxPromptTokens: 1024, maxContext: 2048 };
const samples = new URL("../../../../test/fixtures/datasets/", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "prompt-column-"));
const output = join(folder, "output.jsonl");
afterAll(() => rmSync(folder, { recursive: true }));

describe("a column that the user names", () => {
  const prepareColumn = (
    name: string,
    text: string,
    datasetColumn: string,
    datasetFormat?: DatasetFormat,
  ) => {
    const input = join(folder, name);
    writeFileSync(input, text);
    return prepareDataset(input, output, {
      ...limits,
      datasetColumn,
      ...(datasetFormat && { datasetFormat }),
    });
  };
  const json = '{"instruction":"sort these", "body":"one two three four"}';

  const right: [sentence: string, name: string, text: string, column: string][] = [
    ["has the prompts of a CSV, in any case", "a.csv", "Body,prompt\none two three four,x", "body"],
    ["has the prompts of JSON lines", "a.jsonl", json, "body"],
    ["has the prompts of an array", "a.json", `[${json}]`, "body"],
    ["may be the only one", "a.dat", "Body\none two three four", "Body"],
  ];
  it.each(right)("%s", async (_, name, text, column) => {
    expect(await prepareColumn(name, text, column)).toMatchObject({ format: "column", written: 1 });
    expect(readFileSync(output, "utf8")).toContain("one two three four");
  });

  it("has the prompts of a Parquet file", async () => {
    const input = join(samples, "cnn_dailymail.parquet");
    expect(await prepareDataset(input, output, { ...limits, datasetColumn: "highlights" })).toMatchObject({
      written: 2,
    });
  });

  const wrong: [string, string, DatasetFormat | undefined, string][] = [
    [
      "is not in the file",
      "foo",
      undefined,
      "has no column `foo`, but `instruction`, `body`. Correct `--dataset-column`.",
    ],
    [
      "goes with a known layout",
      "body",
      "arena",
      "`--dataset-column` cannot go with `--dataset-format arena`",
    ],
  ];
  it.each(wrong)("is refused if it %s", async (_, column, format, message) => {
    await expect(prepareColumn("a.jsonl", json, column, format)).rejects.toThrow(message);
  });
});
