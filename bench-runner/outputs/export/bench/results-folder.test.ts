// A folder of results: it accumulates over runs, and each step can be done again from the raw files alone.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  config,
  mixed,
  outcome,
  request,
  writeJournal,
} from "../../../../test/unit-support/examples/example-journal.ts";
import { redoResults } from "../../../runs/redo-results.ts";
import { exportRun } from "../export.ts";
import { addRuns } from "./results-folder.ts";

const root = mkdtempSync(join(tmpdir(), "results-"));
const folderOf = (name: string) => join(root, name);
let count = 0;

/** A finished run. @param atSecond of its start */
function makeRun(values: Record<string, string>, atSecond = 0, lines = mixed(30)): string {
  count += 1;
  const folder = join(root, `20231114T2213${20 + count}Z-run`);
  mkdirSync(folder);
  writeJournal(join(folder, "records.jsonl"), lines);
  const file = { ...config, iterations: lines.length, values: { ...config.values, ...values } };
  writeFileSync(join(folder, "config.json"), JSON.stringify(file));
  const times = { startedUnixMs: outcome.startedUnixMs + atSecond * 1000 };
  writeFileSync(join(folder, "outcome.json"), JSON.stringify({ ...outcome, ...times }));
  return folder;
}

const high = { target: "spark-test", modelAlias: "qwen/qwen3_coder-30b", workload: "high-load" };
const stress = { ...high, workload: "stress-test" };
const read = (folder: string, part: string) =>
  Object.fromEntries(
    readdirSync(join(folder, part)).map((name) => [name, readFileSync(join(folder, part, name), "utf8")]),
  );
const print = () => {};

describe("a folder of results", () => {
  const folder = folderOf("results");
  const runs = [makeRun(high), makeRun(stress, 60), makeRun(high, 120)];

  it("has a raw file and a summary for each run, named after target, model and workload, and one report", async () => {
    await addRuns(runs.slice(0, 1), folder);
    await addRuns(runs.slice(1), folder);
    const names = [
      "bench_spark-test_qwen-qwen3-coder-30b_high-load_20231114_221320",
      "bench_spark-test_qwen-qwen3-coder-30b_high-load_20231114_221520",
      "bench_spark-test_qwen-qwen3-coder-30b_stress-test_20231114_221420",
    ];
    expect(readdirSync(join(folder, "raw"))).toEqual(names.map((name) => `${name}.jsonl`));
    expect(readdirSync(join(folder, "summary"))).toEqual(names.map((name) => `${name}.csv`));
    const { "benchmark_report.md": report = "" } = read(folder, "reports");
    expect(report).toContain("\n3 runs. ");
    expect(report.match(/^## .*$/gm)).toEqual([
      "## high-load · spark-test · qwen/qwen3_coder-30b",
      "## high-load · spark-test · qwen/qwen3_coder-30b",
      "## stress-test · spark-test · qwen/qwen3_coder-30b",
    ]);
    expect(report.match(/^\| (high-load|stress-test) \| spark-test \|.*2023-11-14 22:1/gm)).toHaveLength(3);
  });

  it("does not give the name of a workload to a load that flags have changed", async () => {
    const changed = makeRun(high);
    const path = join(changed, "config.json");
    const file = JSON.parse(readFileSync(path, "utf8"));
    writeFileSync(path, JSON.stringify({ ...file, origins: { workload: "flag", rate: "flag" } }));
    const own = folderOf("changed");
    await addRuns([changed], own);
    expect(Object.keys(read(own, "raw")).join()).toContain("_high-load-custom_2023");
  });

  it("has the warnings of each run in its raw file, its summary and the report, each made from the one before", () => {
    const [raw = ""] = Object.values(read(folder, "raw"));
    const lines = raw
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines[0].warnings).toEqual(
      expect.arrayContaining([expect.stringContaining("answers have no usage")]),
    );
    expect(lines.slice(1).some(({ warnings }) => warnings !== undefined)).toBe(false);
    const { "benchmark_report.md": report = "" } = read(folder, "reports");
    expect(report.match(/^> \*\*Warning\*\*: .*answers have no usage/gm)).toHaveLength(3);
  });

  it("is the same after a run is added again", async () => {
    const before = [read(folder, "raw"), read(folder, "summary"), read(folder, "reports")];
    await addRuns(runs.slice(1, 2), folder);
    expect([read(folder, "raw"), read(folder, "summary"), read(folder, "reports")]).toEqual(before);
  });

  it("is made again from its raw files alone, all of them or some", async () => {
    const [summary, reports] = [read(folder, "summary"), read(folder, "reports")];
    const copy = folderOf("copy");
    mkdirSync(join(copy, "raw"), { recursive: true });
    for (const [name, text] of Object.entries(read(folder, "raw")))
      writeFileSync(join(copy, "raw", name), text);
    await redoResults({ paths: [copy], output: "elsewhere" }, print);
    expect([read(copy, "summary"), read(copy, "reports")]).toEqual([summary, reports]);

    rmSync(join(copy, "summary"), { recursive: true });
    const [first = ""] = readdirSync(join(copy, "raw"));
    const printed: string[] = [];
    await redoResults({ paths: [join(copy, "raw", first)], output: "elsewhere" }, (path) =>
      printed.push(path),
    );
    expect(printed).toEqual([
      join(copy, "summary", first.replace("jsonl", "csv")),
      join(copy, "reports", "benchmark_report.md"),
    ]);
    expect(read(copy, "reports")["benchmark_report.md"]).toContain("\n1 run. ");
  });

  it("keeps runs apart that have the same names and began in the same second", async () => {
    const same = folderOf("same");
    const twins = [makeRun(high), makeRun(high)];
    await addRuns(twins, same);
    await addRuns(twins, same);
    expect(readdirSync(join(same, "raw"))).toEqual([
      "bench_spark-test_qwen-qwen3-coder-30b_high-load_20231114_221320-2.jsonl",
      "bench_spark-test_qwen-qwen3-coder-30b_high-load_20231114_221320.jsonl",
    ]);
  });

  it("is what `export` writes into: a second run adds to the report of the first", async () => {
    const output = folderOf("exported/");
    const say = { say: print, print };
    for (const run of runs) await exportRun(run, { formats: ["bench-jsonl"], output, force: false }, say);
    expect(read(join(output, "results"), "reports")).toEqual(read(folder, "reports"));
    expect(read(join(output, "results"), "summary")).toEqual(read(folder, "summary"));
  });
});

describe("a summary", () => {
  it("has the slow end of rates as P95 and P99, below the median, as the table of Run Bench has", async () => {
    // 1 to 100 tokens/s: 100 tokens in 100, 50, 33.3, … seconds.
    const lines = Array.from({ length: 100 }, (_, index) =>
      request(index + 1, 0, {
        endMs: 1 + 100_000 / (index + 1),
        firstTokenMs: 1 + (index + 1) / 10,
        fields: { completionTokens: 100, promptTokens: 20, finishReason: "stop" },
      }),
    );
    const folder = folderOf("slow");
    await addRuns([makeRun(high, 0, lines)], folder);
    const [text = ""] = Object.values(read(folder, "summary"));
    const rows = text
      .trimEnd()
      .split("\n")
      .map((row) => row.split(",").slice(0, 5).join(","));
    expect(rows).toEqual([
      "metric,mean,median,p95,p99",
      "TTFT (ms),5.05,5.05,9.505,9.901",
      "Total Time (s),5.18738,1.98039,16.8333,50.5",
      "Tokens/sec,50.5,50.5,5.95,1.99",
      "Success Rate (%),100,,,",
    ]);
  });

  it("from a raw file that Run Bench wrote itself has the names of the file", async () => {
    const folder = folderOf("foreign");
    mkdirSync(join(folder, "raw"), { recursive: true });
    const line = {
      ...{
        timestamp: 1699615234.567,
        model: "Qwen/Qwen3-Coder-30B-A3B-Instruct",
        prompt: "Write a Python function",
      },
      ...{
        ttft: 0.342,
        total_time: 2.156,
        input_tokens: 45,
        output_tokens: 512,
        tokens_per_sec: 237.5,
        success: true,
      },
    };
    const failed = { ...line, ttft: null, total_time: 0, tokens_per_sec: 0, success: false };
    const path = join(folder, "raw", "bench_spark-test_qwen3_30b_stress-test_20251107_143022.jsonl");
    writeFileSync(path, `${JSON.stringify(line)}\n${JSON.stringify(failed)}\n`);
    await redoResults({ paths: [path], output: "elsewhere" }, print);
    const { "benchmark_report.md": report = "" } = read(folder, "reports");
    expect(report).toContain("## stress-test · spark-test · Qwen/Qwen3-Coder-30B-A3B-Instruct");
    expect(report).toContain("2025-11-07 14:30:22 UTC, 2 requests.");
    expect(report).toContain("| TTFT (ms) | 342 | 342 | 342 | 342 |");
    expect(report).toContain("| Success Rate (%) | 50 | - | - | - |");
  });
});

describe("what is refused", () => {
  const foreign = folderOf("refused");
  mkdirSync(join(foreign, "raw"), { recursive: true });
  const raw = join(foreign, "raw", "bench_a_b_c_20251107_143022.jsonl");
  const redo = (path: string) => redoResults({ paths: [path], output: "elsewhere" }, print);

  it.each([
    ["", `${foreign} has no summary to report`, foreign],
    ["{", "its line 1 is not valid JSON", raw],
    ['{"ttft":1}\n', "line 1 has no `success`", raw],
    ['{"success":true,"ttft":"1"}\n', "line 1 has a `ttft` that is not a number", raw],
  ])("%j", async (text, words, path) => {
    if (text === "") rmSync(raw, { force: true });
    else writeFileSync(raw, text);
    await expect(redo(path)).rejects.toThrow(words);
  });

  it("a path that is none, and a raw file without a folder for its summary", async () => {
    await expect(redo(folderOf("nowhere"))).rejects.toThrow("does not exist. Give raw files");
    const alone = join(root, "alone.jsonl");
    writeFileSync(alone, "");
    await expect(redo(alone)).rejects.toThrow("raw files are in a folder `raw`");
  });
});
