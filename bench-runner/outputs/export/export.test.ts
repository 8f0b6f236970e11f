// The command `export` on folders: which files go where, what it refuses, and its messages about a damaged run.
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { JournalLine } from "../../../lib/core/request/facts.ts";
import {
  config,
  outcome,
  request,
  writeJournal,
} from "../../../test/unit-support/examples/example-journal.ts";
import { exportRun, toFormats } from "./export.ts";
import { readRowPrompts } from "./row-prompts.ts";

function makeRun(lines: JournalLine[] = [request(1, 0), request(2, 100)]): string {
  const folder = join(mkdtempSync(join(tmpdir(), "export-")), "run");
  mkdirSync(folder);
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
  writeFileSync(join(folder, "outcome.json"), JSON.stringify(outcome));
  writeJournal(join(folder, "records.jsonl"), lines);
  return folder;
}

async function runExport(folder: string, formats: string[], more: { output?: string; force?: boolean } = {}) {
  const printed: string[] = [];
  const said: string[] = [];
  await exportRun(
    folder,
    { formats, force: false, ...more },
    { say: (text) => said.push(text), print: (text) => printed.push(text) },
  );
  return { printed, said };
}

describe("the names of formats", () => {
  it("are separated by commas or repeated, and each counts once", () => {
    expect(toFormats(["csv, parquet", "junit", "csv"])).toEqual(["csv", "parquet", "junit"]);
  });

  it("that are unknown or missing give an error with the list of formats", () => {
    expect(() => toFormats(["csv,xlsx"])).toThrow(/Unknown format `xlsx`. Formats: `csv`, .*`result-dir`/);
    expect(() => toFormats([","])).toThrow(/`--format` is missing.*`csv`/);
  });
});

describe("the files", () => {
  it("go into the run folder", async () => {
    const folder = makeRun();
    const { printed } = await runExport(folder, ["csv", "junit"]);
    expect(printed).toEqual([join(folder, "requests.csv"), join(folder, "junit.xml")]);
    expect(readdirSync(folder).filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  it("go to `--output`: the name of one file, or a folder", async () => {
    const folder = makeRun();
    const place = mkdtempSync(join(tmpdir(), "export-"));
    const one = join(place, "deep/er/all.csv");
    expect((await runExport(folder, ["csv"], { output: one })).printed).toEqual([one]);
    expect((await runExport(folder, ["csv"], { output: place })).printed).toEqual([
      join(place, "requests.csv"),
    ]);
    const fresh = join(place, "fresh/");
    expect((await runExport(folder, ["csv"], { output: fresh })).printed).toEqual([
      join(fresh, "requests.csv"),
    ]);
    const both = join(place, "both");
    expect((await runExport(folder, ["csv", "parquet"], { output: both })).printed).toEqual([
      join(both, "requests.csv"),
      join(both, "requests.parquet"),
    ]);
  });

  it("overwrite nothing without `--force`, and then none is written", async () => {
    const folder = makeRun();
    writeFileSync(join(folder, "requests.parquet"), "mine");
    await expect(runExport(folder, ["csv", "parquet"])).rejects.toThrow(
      /requests.parquet already exists.*--force/,
    );
    expect(existsSync(join(folder, "requests.csv"))).toBe(false);
    await runExport(folder, ["csv", "parquet"], { force: true });
    expect(readFileSync(join(folder, "requests.parquet"), "latin1").slice(0, 4)).toBe("PAR1");
  });

  it("that cannot be written are named in the error", async () => {
    const folder = makeRun();
    const output = join(folder, "config.json", "x.csv");
    await expect(runExport(folder, ["csv"], { output })).rejects.toThrow(/x\.csv could not be written: /);
  });
});

describe("a folder", () => {
  it("that is not a run folder is refused", async () => {
    await expect(runExport(tmpdir(), ["csv"])).rejects.toThrow(/is not a run folder/);
  });

  it("without a request is refused", async () => {
    await expect(runExport(makeRun([]), ["csv"])).rejects.toThrow(/no recorded request/);
    const folder = makeRun();
    rmSync(join(folder, "records.jsonl"));
    await expect(runExport(folder, ["junit"])).rejects.toThrow(/no recorded request/);
  });

  it("whose runner was killed is a failed test case", async () => {
    const folder = makeRun();
    rmSync(join(folder, "outcome.json"));
    await runExport(folder, ["junit"]);
    expect(readFileSync(join(folder, "junit.xml"), "utf8")).toContain(
      '<failure message="the runner was killed, or its disk was full, before the run ended" type="partial"/>',
    );
  });

  it("whose journal is cut off is exported without the last line, with a message", async () => {
    const folder = makeRun();
    appendFileSync(join(folder, "records.jsonl"), '{"type":"request","id":3');
    const { said } = await runExport(folder, ["csv"]);
    expect(said).toEqual(["Line 5 of the journal is cut off: its request is left out."]);
    expect(readFileSync(join(folder, "requests.csv"), "utf8").trimEnd().split("\n")).toHaveLength(3);
  });

  it("with a damaged journal leaves no partial file", async () => {
    const folder = makeRun();
    appendFileSync(join(folder, "records.jsonl"), "no JSON\n{}\n");
    await expect(runExport(folder, ["csv"])).rejects.toThrow(/Line 5 of the journal/);
    expect(readdirSync(folder).sort()).toEqual(["config.json", "outcome.json", "records.jsonl"]);
  });
});

describe("the prompts of rows", () => {
  async function promptsOf(rows: object[]) {
    const path = join(mkdtempSync(join(tmpdir(), "export-")), "prompts.jsonl");
    writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
    const promptOf = await readRowPrompts(path);
    return (row: string, turn?: string) =>
      promptOf(request(1, 0, { labels: { row, ...(turn !== undefined && { turn }) } }));
  }

  it("are those of the turn; synthetic and ambiguous ones are unknown", async () => {
    const promptOf = await promptsOf([
      { id: "a", prompt: "one", turns: [{ prompt: "two" }] },
      { id: "b", prompt: "", synthetic: { words: 3, index: 0 } },
      { id: "c", prompt: "this" },
      { id: "c", prompt: "that" },
      { id: "d", prompt: "same" },
      { id: "d", prompt: "same" },
    ]);
    expect([promptOf("a"), promptOf("a", "2"), promptOf("a", "3")]).toEqual(["one", "two", undefined]);
    expect([promptOf("b"), promptOf("c"), promptOf("d"), promptOf("e")]).toEqual([
      undefined,
      undefined,
      "same",
      undefined,
    ]);
  });

  it("are unknown without a file, and refused from a damaged one", async () => {
    expect((await readRowPrompts(join(tmpdir(), "no-such-file")))(request(1, 0))).toBeUndefined();
    const folder = makeRun();
    writeFileSync(join(folder, "prompts.jsonl"), "{\n");
    await expect(readRowPrompts(join(folder, "prompts.jsonl"))).rejects.toThrow(/line 1 is not valid JSON/);
  });
});
