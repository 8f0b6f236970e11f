import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { exampleSummary } from "../../test/unit-support/examples/example-summary.ts";
import { RunFolder } from "../run-folder/run-folder.ts";
import { type OutletOptions, Outlets } from "./outlets.ts";

const summary = exampleSummary();
const path = mkdtempSync(join(tmpdir(), "server-bench-outlets-"));
const folder = new RunFolder(path);

/** What is printed and said when `times` runs are taken. */
function taken(options: Partial<OutletOptions>, times = 1, variables: Record<string, string> = {}) {
  const printed: string[] = [];
  const said: string[] = [];
  const outlets = new Outlets(
    { json: false, quiet: false, runs: "one", isFresh: true, ...options },
    {
      variables,
      width: 110,
      hidden: (text) => text,
      print: (text) => void printed.push(text),
      say: (text) => void said.push(text),
    },
  );
  for (let time = 0; time < times; time += 1) outlets.take(summary, "THE SUMMARY", folder);
  outlets.finish(folder);
  return { printed, said, isWritten: outlets.isWritten };
}

describe("standard output", () => {
  test("has the summary and the folder", () => {
    expect(taken({}).printed).toEqual([expect.stringMatching(/^THE SUMMARY\n\//)]);
  });

  test("--json: summary.json as it is; one array for several runs", () => {
    expect(taken({ json: true }).printed).toEqual([JSON.stringify(summary, null, 2)]);
    for (const runs of ["several", "repeats"] as const) {
      const { printed } = taken({ json: true, runs }, 2);
      expect(printed.map((text) => JSON.parse(text))).toEqual([[summary, summary]]);
      expect(taken({ json: true, runs }, 0).printed).toEqual(["[]"]);
    }
  });

  test("--quiet: the folder; warnings are said", () => {
    const { printed, said } = taken({ quiet: true });
    expect(printed).toEqual([path]);
    expect(said).toEqual(["! 97 requests are too few. → Send more."]);
    expect(taken({ quiet: true, runs: "repeats" }, 3).printed).toEqual([path]);
    expect(taken({ quiet: true, runs: "several" }, 2).printed).toEqual([path, path]);
    expect(taken({ quiet: true, json: true }).printed).toEqual([JSON.stringify(summary, null, 2)]);
  });

  test("repeats are one table", () => {
    const { printed } = taken({ runs: "repeats" }, 2);
    expect(printed).toEqual([expect.stringMatching(/^ +median +range +#1 +#2\n.*\n\n\//s)]);
  });

  test("--throughput-only with repeats is their table of throughput alone", () => {
    const { printed } = taken({ throughputOnly: true, runs: "repeats" }, 2);
    expect(printed).toEqual([
      expect.stringMatching(/^ +median +range +#1 +#2\nRequests per second [^/]*\/s\)/),
    ]);
    expect(printed[0]).not.toContain("TTFT");
    expect(printed[0]).not.toContain(path);
  });

  test("--throughput-only prints the throughput; it is refused with --json", () => {
    expect(taken({ throughputOnly: true }).printed[0]).toMatch(/^Requests per second +1\.617 requests\/s\n/);
    expect(() => taken({ throughputOnly: true, json: true })).toThrow(/Leave one out/);
  });
});

describe("GitHub's files", () => {
  const read = (file: string) => readFileSync(file, "utf8");

  test("get the summary and the variables of a run, appended to their content", () => {
    const own = mkdtempSync(join(tmpdir(), "server-bench-github-"));
    const [page, environment] = [join(own, "page"), join(own, "env")];
    const variables = { GITHUB_STEP_SUMMARY: page, GITHUB_ENV: environment };
    taken({}, 1, variables);
    taken({ runs: "repeats" }, 2, variables);
    expect(read(page)).toMatch(
      /^# script · local.*```mermaid\nxychart-beta.*\n# 2 repeats\n.*\| TTFT median \(ms\) \| .*<details><summary>Repeat 2<\/summary>\n\n# script/s,
    );
    expect(read(environment)).toMatch(/^BENCH_RESULTS=\{"i":97,.*\nBENCH_ITERATIONS=97\nBENCH_GRAPH_TITLE=/);
  });

  test("are not touched by `report`, and a file that cannot be written is reported", () => {
    const variables = { GITHUB_STEP_SUMMARY: join(path, "no", "page") };
    expect(taken({ isFresh: false }, 1, variables).said).toEqual([]);
    const { said, isWritten } = taken({}, 1, variables);
    expect(said).toEqual([expect.stringMatching(/^Could not append to .* \(GITHUB_STEP_SUMMARY\): /)]);
    expect(isWritten).toBe(true);
  });
});
