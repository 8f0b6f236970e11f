// Whatever a server, a file or a user's name says, no output has control characters, lines or commands of it, or formulas.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import type { RequestLine } from "../../lib/core/request/facts.ts";
import {
  config,
  failed,
  outcome,
  request,
  writeJournal,
} from "../../test/unit-support/examples/example-journal.ts";
import { exampleSweep } from "../../test/unit-support/examples/example-sweep.ts";
import { compare } from "../decide/compare/compare.ts";
import { makeMatrix } from "../decide/matrix/make-matrix.ts";
import { renderRow, renderSweepCsv, renderSweepMarkdown } from "../decide/sweep/render-sweep.ts";
import { toSweepPage } from "../decide/sweep/sweep-page.ts";
import { toK6Message } from "../load/k6-log.ts";
import { appendRows } from "../outputs/append-csv.ts";
import { renderChartPage } from "../outputs/chart-page/render-chart-page.ts";
import { exportRun } from "../outputs/export/export.ts";
import { FORMAT_NAMES } from "../outputs/export/export-formats.ts";
import { writeGithubFiles } from "../outputs/github-files.ts";
import { renderRepeats, renderRepeatsMarkdown } from "../outputs/repeats.ts";
import { readPageParts } from "../outputs/report/page-parts.ts";
import { createContext } from "../platform/context.ts";
import { RunFolder } from "../run-folder/run-folder.ts";
import type { Summary } from "../summary/summary.ts";
import { regenerateSummary, writeResults } from "./results.ts";

const root = mkdtempSync(join(tmpdir(), "hostile-texts-"));
afterAll(() => rmSync(root, { recursive: true }));
let made = 0;

/** Longer than what is kept of a server's text. */
const LONG = "Z".repeat(5000);
const text = fc
  .array(
    fc.constantFrom(
      ...[
        "\u001b[31m",
        "\u001b]0;title\u0007",
        "\u001bc",
        "\u009b2J",
        "\u007f",
        "\0",
        "\ud800",
        "\ufeff",
        "\u200f",
      ],
      ...["\r", "\n", "\r\n", "\u0085", "\u2028", "\u2029", "\u202e", "\u2066", "\t", " "],
      ...["\n::error::x", "::set-env name=PATH::x", "##[error]x", "\n##vso[task.x]y"],
      ...["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1"],
      ...[
        "|",
        "\\|",
        "`",
        "**",
        "<script>alert(1)</script>",
        "</table>",
        "<!--",
        "![x](http://h/x)",
        "]]>",
        "&#27;",
      ],
      ...['"', "'", ",", ";", "qwen", "日本", "😀", "NAME=value\n"],
    ),
    { minLength: 1, maxLength: 5 },
  )
  .map((parts) => parts.join(""));
/** What a server sends is of any length as well. */
const ofServer = fc.tuple(text, fc.constantFrom("", LONG)).map((parts) => parts.join(""));

const texts = fc.record({
  ...{
    error: ofServer,
    inBand: ofServer,
    finish: ofServer,
    contentType: ofServer,
    body: ofServer,
    path: ofServer,
  },
  ...{
    task: text,
    model: text,
    server: text,
    name: text,
    build: text,
    reason: text,
    host: text,
    path2: text,
  },
});
type Texts = typeof texts extends fc.Arbitrary<infer T> ? T : never;

function toLines(of: Texts, slow: number): RequestLine[] {
  const labels = (id: number) => ({ phase: "measure", row: of.task, task: id % 2 === 0 ? of.task : "chat" });
  return Array.from({ length: 48 }, (_, id) => {
    const startMs = id * 100 * slow;
    const more = { labels: labels(id), vu: id % 4 };
    if (id % 8 === 0)
      return failed(id, startMs, "tcp", { ...more, error: { kind: "tcp", message: of.error } });
    if (id % 8 === 1) return request(id, startMs, { ...more, inBandError: of.inBand });
    if (id % 8 === 2)
      return failed(id, startMs, "eof", { ...more, status: 500, contentType: of.contentType, body: of.body });
    const unread = id % 8 === 3 && { unread: [of.path], badUsage: of.path };
    const fields = { promptTokens: 20, completionTokens: 4, finishReason: of.finish };
    return request(id, startMs, { ...more, ...unread, fields, contentType: of.contentType });
  });
}

function makeRun(folder: string, of: Texts, slow: number): void {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, value: object) => writeFileSync(join(folder, name), JSON.stringify(value));
  write("config.json", {
    ...{
      ...config,
      name: of.name,
      serverName: of.server,
      modelName: of.model,
      serverUrl: `http://${of.host}:1`,
    },
    values: {
      ...config.values,
      modelAlias: of.model,
      branch: of.name,
      runnerLabel: of.host,
      dataset: of.path2,
    },
    promptCache: [{ state: "kept", said: of.reason }],
    prompts: {
      source: of.path2,
      rows: 1,
      countedBy: "server",
      counter: of.server,
      whenOut: "repeat",
      longestAnswer: 9,
    },
  });
  write("outcome.json", { ...outcome, partial: true, reason: of.reason });
  write("environment.json", {
    ...{ schema: "server-bench/environment/1", host: of.host, os: of.host, kernel: "6", architecture: "x64" },
    ...{ cpu: { model: of.host, logicalCores: 2 }, memoryBytes: 1e9, node: "v24", serverBench: "0.1.0" },
    ...{
      server: { build: of.build, models: [of.model] },
      gpus: [{ name: of.host }],
      git: { branch: of.name },
    },
    model: { path: `/models/${of.path2}`, bytes: 1e9 },
  });
  writeJournal(join(folder, "records.jsonl"), toLines(of, slow));
}

/** Everything that the commands make of two runs, by file name; what they print is a file, too. */
async function makeAll(of: Texts): Promise<Map<string, string>> {
  const folder = join(root, String(made++));
  const [a, b] = [join(folder, "a"), join(folder, "b")] as const;
  const at = (name: string) => join(folder, name);
  makeRun(a, of, 1);
  makeRun(b, { ...of, model: `${of.model}2` }, 2);
  let printed = "";
  const sink = { write: (line: string) => (printed += line) };
  const variables = { GITHUB_STEP_SUMMARY: at("step.md"), GITHUB_ENV: at("github.env") };
  const context = createContext(variables, { stdout: sink, stderr: sink });

  const summaries: Summary[] = [];
  for (const path of [a, b]) {
    const { summary, text: shown = "" } = await writeResults(new RunFolder(path));
    summaries.push(summary as Summary);
    context.print(shown);
    await exportRun(path, { formats: FORMAT_NAMES, force: true, output: `${path}-export/` }, context);
  }
  appendRows(at("all.csv"), summaries);
  writeFileSync(at("repeats.md"), renderRepeatsMarkdown(summaries));
  context.print(renderRepeats(summaries, { width: 80 }));
  await makeMatrix([a, b], { output: at("matrix") }, context, regenerateSummary);
  await compare(a, [b], { force: true, markdown: at("compare.md"), html: at("compare.html") }, context);
  const finished = summaries.map((summary) => ({ summary, folder: new RunFolder(a) }));
  expect(writeGithubFiles(finished, variables)).toEqual([]);
  const sweep = exampleSweep({ name: of.name, requirements: [of.reason] });
  for (const point of sweep.points) {
    Object.assign(point, { meets: false, misses: [of.reason], folder: of.name, runs: [of.name] });
    context.print(renderRow(sweep, point));
  }
  writeFileSync(at("sweep.md"), renderSweepMarkdown(sweep));
  writeFileSync(at("sweep.csv"), renderSweepCsv(sweep));
  writeFileSync(at("sweep.html"), renderChartPage(toSweepPage(sweep)));
  context.say(`k6: ${toK6Message(`level=error msg=${JSON.stringify(of.error)}`)}`);

  const files = new Map([["printed.txt", printed]]);
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (/\.(md|csv|html|xml|env)$/.test(name)) files.set(name, readFileSync(join(folder, name), "utf8"));
  }
  rmSync(folder, { recursive: true });
  return files;
}

const CONTROL = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/u;
/** A text of a server that was not cut to 1 KiB. */
const LONGER = /Z{1025}/;
/** What a CI system obeys in a log. */
const COMMAND = /^\s*(::|##\w*\[)/m;

function checkMarkdown(whole: string): void {
  expect(whole.replace(/<\/?(details|summary)>/g, "")).not.toMatch(/<[a-z/!?]/i);
  expect(whole).not.toContain("](http");
  for (const block of whole.match(/(^\|.*\n?)+/gm) ?? []) {
    const widths = block
      .trim()
      .split("\n")
      .map((line) => line.match(/(?<!\\)\|/g)?.length);
    expect(new Set(widths).size, block).toBe(1);
  }
}

function checkCsv(whole: string): void {
  const rows = parse(whole, { relax_column_count: false }) as string[][];
  for (const cell of rows.flat()) {
    expect(cell).not.toContain("\n");
    if (Number.isNaN(Number(cell))) expect(cell).not.toMatch(/^[=+\-@\t\r]./);
  }
}

const ownScripts = ["report", "chart-page"].map((name) => readPageParts(name as "report"));

function checkPage(whole: string): string {
  const rest = ownScripts.reduce(
    (left, { script, style }) => left.replace(script, "").replace(style, ""),
    whole,
  );
  expect(rest).not.toContain("<script>alert");
  const [, json = ""] = /<script type="application\/json"[^>]*>(.*?)<\/script>/s.exec(rest) ?? [];
  expect(JSON.stringify(JSON.parse(json))).not.toMatch(/(?<!\\)(\\\\)*\\(u00[01]|[bfr])/);
  return rest;
}

test("hostile texts are harmless in every output", async () => {
  const property = fc.asyncProperty(texts, async (of) => {
    const files = await makeAll(of);
    expect(
      [...files.keys()].filter((name) => /summary\.md|junit|requests\.csv|report\.html/.test(name)),
    ).toHaveLength(8);
    for (const [name, whole] of files) {
      const isPage = name.endsWith(".html");
      const plain = isPage ? checkPage(whole) : whole;
      const found =
        CONTROL.exec(plain.replaceAll(isPage ? /[\n\t]/g : "\n", "")) ??
        LONGER.exec(plain) ??
        COMMAND.exec(isPage ? "" : plain);
      expect(
        found && [found[0].slice(0, 80), plain.slice(found.index - 60, found.index + 60)],
        name,
      ).toBeNull();
      if (name.endsWith(".md")) checkMarkdown(whole);
      if (name.endsWith(".csv")) checkCsv(whole);
      if (name.endsWith(".env")) expect(whole).toMatch(/^([A-Z0-9_]+=.*\n)+$/);
    }
  });
  await fc.assert(property, { numRuns: 2, endOnFailure: true });
});
