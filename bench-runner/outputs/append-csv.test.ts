import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { exampleSummary } from "../../test/unit-support/examples/example-summary.ts";
import { appendRows, checkAppend } from "./append-csv.ts";
import { renderCsv } from "./render-csv.ts";

const folder = () => mkdtempSync(join(tmpdir(), "server-bench-append-"));
const summary = exampleSummary();
const header = renderCsv([]);

describe("--append", () => {
  test("creates the file with its header, then adds rows, and leaves no other file behind", () => {
    const own = folder();
    const path = join(own, "all.csv");
    checkAppend(path);
    appendRows(path, [summary]);
    checkAppend(path);
    appendRows(path, [summary, summary]);
    appendRows(path, []);
    expect(readFileSync(path, "utf8")).toBe(renderCsv([summary, summary, summary]));
    expect(readdirSync(own)).toEqual(["all.csv"]);
  });

  test.each([
    ["an empty file gets the header", "", ""],
    ["a header without a line end gets one", header.trimEnd(), ""],
    [
      "a spreadsheet's byte order mark and line ends do not make another header",
      `\ufeff${header.trimEnd()}\r\n`,
      "",
    ],
  ])("%s", (_, before) => {
    const path = join(folder(), "all.csv");
    writeFileSync(path, before);
    checkAppend(path);
    appendRows(path, [summary]);
    const lines = readFileSync(path, "utf8").trimEnd().split(/\r?\n/);
    expect(lines).toHaveLength(2);
    expect(`${lines[1]}\n`).toBe(renderCsv([summary]).slice(header.length));
  });

  test.each([
    ["another header", "name,ttft\na,1\n"],
    ["a header with one more column", `${header.trimEnd()},more\n`],
    ["a header with one column less", `${header.trimEnd().slice(0, -9)}\n`],
  ])("refuses %s, and leaves the file as it is", (_, before) => {
    const path = join(folder(), "all.csv");
    writeFileSync(path, before);
    expect(() => checkAppend(path)).toThrow(/its header differs from that of this version's summary\.csv/);
    expect(() => appendRows(path, [summary])).toThrow(/its header differs/);
    expect(readFileSync(path, "utf8")).toBe(before);
  });

  test("refuses a folder, and a file in a missing folder", () => {
    const own = folder();
    expect(() => checkAppend(own)).toThrow(/it is a folder/);
    expect(() => checkAppend(join(own, "no/all.csv"))).toThrow(/does not exist/);
  });
});

test("rows of processes that append to a new file at the same time are below one header", async () => {
  const path = join(folder(), "all.csv");
  const script = `
    import { appendRows } from ${JSON.stringify(new URL("./append-csv.ts", import.meta.url).href)};
    import { exampleSummary } from ${JSON.stringify(new URL("../../test/unit-support/examples/example-summary.ts", import.meta.url).href)};
    for (let row = 0; row < 25; row += 1) appendRows(process.argv[1], [exampleSummary()]);
  `;
  await Promise.all(
    Array.from({ length: 4 }, () => execa(process.execPath, ["--input-type=module", "-e", script, path])),
  );
  expect(readFileSync(path, "utf8")).toBe(renderCsv(new Array(100).fill(summary)));
});
