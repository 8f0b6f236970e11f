// One table, and what each writer makes of it.
import fc from "fast-check";
import stringWidth from "string-width";
import { describe, expect, test } from "vitest";
import { toPaint } from "../../platform/terminal-look.ts";
import { findFigure } from "../../summary/figures.ts";
import { renderCsvTable } from "./csv-table.ts";
import { renderHtmlTable } from "./html-table.ts";
import { renderMarkdownTable } from "./markdown-table.ts";
import { type Column, type Table, toFigureColumn, toHeading, toTextTable } from "./table.ts";
import { renderTerminalTable } from "./terminal-table.ts";

const table: Table = {
  columns: [
    { title: "Model", key: "model" },
    { ...toFigureColumn(findFigure("ttft.median")), rank: 2 },
    { ...toFigureColumn(findFigure("gpuMemory")), rank: 1 },
    { title: "Verdict", short: "" },
  ],
  rows: [
    ["small|one", { text: "12.30 (11.00…14.00)", strong: true, mark: "*", note: "best" }, 2_500_000, "ok"],
    ["日本", 1234.5678, undefined, { text: "off", tone: "bad", href: "a b/report.html", tip: "the run" }],
  ],
  notes: ["A note."],
};

describe("a heading", () => {
  test.each([
    ["TTFT p50", "ms", "TTFT p50 (ms)"],
    ["Success rate", "share", "Success rate (%)"],
    ["Tokens/s per user", "tokens/s", "Tokens/s per user"],
    ["Completed", "count", "Completed"],
    ["GPU memory", "bytes", "GPU memory (MB)"],
  ] as const)("%s in %s → %s", (title, unit, heading) => expect(toHeading(title, unit)).toBe(heading));
});

describe("in a terminal", () => {
  const lines = (width?: number) => renderTerminalTable(table, width === undefined ? {} : { width }).lines;

  test("texts are to the left, numbers to the right, and a mark takes no place from the digits", () => {
    expect(lines()).toEqual([
      "Model             TTFT p50 (ms)  GPU memory (MB)",
      "small|one  12.30* (11.00…14.00)              2.5  ok",
      "日本                     1,235                    off",
    ]);
  });

  test("a narrow one drops the lowest ranks first, and takes back what has room after all where asked for", () => {
    expect(lines(40)[0]).toBe("Model             TTFT p50 (ms)");
    expect(lines(34)[0]).toBe("Model");
    const { dropped, lines: narrow } = renderTerminalTable(table, { width: 34, fillsUp: true });
    expect(dropped.map(({ key }) => key)).toEqual(["ttft_median"]);
    expect(narrow[0]).toBe("Model      GPU memory (MB)");
  });

  test("then texts are shortened, and at last the line is cut", () => {
    const wide = toTextTable(["", ""], [["a".repeat(30), "b".repeat(20)]]);
    expect(renderTerminalTable(wide, { width: 30 }).lines[0]).toBe(`${"a".repeat(13)}…  ${"b".repeat(13)}…`);
    expect(renderTerminalTable(wide, { width: 12 }).lines[0]).toBe("aaaaaaa…  b…");
  });

  test("headings are wrapped where they may be, and a short one is in the lowest line", () => {
    expect(renderTerminalTable(table, { wrapsHeadings: true }).lines.slice(0, 3)).toEqual([
      "                                    GPU",
      "                                 memory",
      "Model             TTFT p50 (ms)    (MB)",
    ]);
  });

  test("rows without a value in the columns that are left are dropped where asked for", () => {
    const sparse: Table = {
      columns: [{ title: "" }, { title: "a", align: "right", rank: 1 }, { title: "b", align: "right" }],
      rows: [
        ["one", "1".repeat(30), "2"],
        ["two", "3", ""],
      ],
    };
    expect(renderTerminalTable(sparse, { width: 20, dropsEmptyRows: true }).lines).toEqual([
      "     b",
      "one  2",
    ]);
    expect(renderTerminalTable(sparse, { width: 20 }).lines).toHaveLength(3);
  });

  test("words with a tone have its colour, and the heading is bold", () => {
    const { lines: painted } = renderTerminalTable(table, { paint: toPaint({ colour: true }) });
    expect(painted[0]).toBe(`\u001b[1m${lines()[0]}\u001b[0m`);
    expect(painted[2]).toContain("\u001b[31moff\u001b[0m");
    const plain = renderTerminalTable(table, { paint: toPaint({ colour: false }) }).lines;
    expect(plain).toEqual(lines());
  });

  test("every line fits, whatever texts contain", () => {
    const odd = fc.string({ unit: "grapheme", maxLength: 40 });
    fc.assert(
      fc.property(fc.array(fc.tuple(odd, odd, odd)), fc.integer({ min: 4, max: 80 }), (rows, width) => {
        const columns: Column[] = [{ title: "a" }, { title: "b", align: "right", rank: 1 }, { title: "c" }];
        for (const line of renderTerminalTable({ columns, rows }, { width }).lines) {
          expect(stringWidth(line)).toBeLessThanOrEqual(width);
          expect(line).not.toMatch(/\p{C}/u);
        }
      }),
    );
  });
});

test("in Markdown nothing ends a cell too early", () => {
  expect(renderMarkdownTable(table).split("\n")).toEqual([
    "| Model | TTFT median (ms) | GPU memory (MB) | Verdict |",
    "|---|---:|---:|---|",
    "| small\\|one | **12.30**\\* (11.00…14.00) | 2.5 | ok |",
    "| 日本 | 1,235 |  | [off](a b/report.html) |",
    "",
    "A note.",
  ]);
});

test("in CSV numbers are whole, in their own unit, under their key", () => {
  expect(renderCsvTable(table)).toBe(
    "model,ttft_median,gpu_peak_memory_bytes,Verdict\nsmall|one,12.30 (11.00…14.00),2500000,ok\n日本,1234.57,,off\n",
  );
});

test("in HTML texts are escaped, links are links, and what is said aloud stays quiet", () => {
  const { text } = renderHtmlTable("Numbers", table);
  expect(text).toContain('<th scope="col" class="name">Model</th><th scope="col">TTFT median (ms)</th>');
  expect(text).toContain(
    '<td><strong>12.30* (11.00…14.00)<span class="quiet"> best</span></strong></td><td>2.5</td><td class="name">ok</td>',
  );
  expect(text).toContain('<a href="a b/report.html" title="the run">off</a>');
  expect(text).toContain('<table class="numbers">');
  expect(text).toContain('<p class="note">A note.</p>');
  expect(renderHtmlTable("T", toTextTable(["a", "b"], [["<", "x"]])).text).toContain(
    '<table class="texts"><thead><tr><th scope="col" class="name">a</th><th scope="col">b</th></tr></thead><tbody><tr><th scope="row">&#60;</th><td>x</td></tr>',
  );
});
