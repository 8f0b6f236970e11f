import { describe, expect, test } from "vitest";
import { exampleSummary } from "./example-summary.ts";
import { renderCsv } from "./render-csv.ts";
import { renderMarkdown } from "./render-markdown.ts";
import { renderTerminal } from "./render-terminal.ts";

const wide = { width: 140, colour: false };

describe("renderTerminal", () => {
  const lines = renderTerminal(exampleSummary(), wide).split("\n");

  test("shows statistics with units, marks what is not certified, and what is", () => {
    expect(lines.find((line) => line.startsWith("TTFT (ms)"))).toMatch(
      /^TTFT \(ms\) +120\.5 +30\.25 +80\.00 +110\.0 +200\.0 +250\.0\* +390\.0\* +400\.0$/,
    );
    expect(lines.find((line) => line.includes("certified at 99 %"))).toMatch(/at most +260\.0$/);
    expect(lines).toContain("* too few requests to certify this percentile");
  });

  test("shows failures, both thresholds, and the warnings last", () => {
    expect(lines).toContain("3 × cut (reset): connection reset by peer");
    expect(lines).toContain("✗ FAILED  llamacpp_completions_truncated_rate: rate<0.4");
    expect(lines.slice(-3)).toEqual(["! 97 requests are too few.", "  → Send more.", ""]);
  });

  test("has colour only when asked for", () => {
    expect(lines.join("")).not.toContain("\u001b");
    expect(renderTerminal(exampleSummary(), { width: 140, colour: true })).toContain("\u001b[31m✗ FAILED");
  });

  test("fits a terminal of 80 columns by leaving columns out", () => {
    const narrow = renderTerminal(exampleSummary(), { width: 80, colour: false }).split("\n");
    expect(Math.max(...narrow.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(narrow.find((line) => line.includes("median"))).not.toContain("sd");
  });

  test("a run without a single answer has no table and no empty numbers", () => {
    const text = renderTerminal(
      exampleSummary({
        metrics: {},
        rates: { success: 0 },
        tokens: { estimatedRequests: 0 },
        precision: { stamps: { kernel: 0, user: 0 } },
      }),
      wide,
    );
    expect(text).not.toMatch(/median|NaN|undefined/);
    expect(text).toMatch(/Success rate +0 %/);
  });
});

describe("renderMarkdown", () => {
  const text = renderMarkdown(exampleSummary());
  test("has every section, with cells that cannot break a table", () => {
    expect(text).toMatch(/^# script · local · 2026/);
    expect(text).toContain("| `llamacpp_completions_truncated_rate: rate<0.4` | **failed** |");
    expect(text).toContain('| `stop` | ["a\\|b"] |');
    expect(text).toContain("| TTFT (ms) | 120.5 | 30.25 | 80.00 | 110.0 | 200.0 | 250.0* | 390.0* | 400.0 |");
  });
});

describe("renderCsv", () => {
  const [header, ...rows] = renderCsv([exampleSummary(), exampleSummary({ metrics: {} })])
    .trim()
    .split("\n")
    .map((line) => line.split(","));

  test("has one row a run under one header, and empty cells for what is absent", () => {
    const cell = (row: string[] | undefined, name: string) => row?.[header?.indexOf(name) ?? -1];
    expect(rows).toHaveLength(2);
    expect(cell(rows[0], "ttft_p90")).toBe("200");
    expect(cell(rows[0], "ttft_certified_p90")).toBe("260");
    expect(cell(rows[0], "ttft_certified_p99")).toBe("");
    expect(cell(rows[0], "requests_per_second")).toBe("1.6167");
    expect(cell(rows[0], "requests_refused")).toBe("0");
    expect(cell(rows[1], "ttft_p90")).toBe("");
    expect(cell(rows[0], "warnings")).toBe("few_requests");
  });

  test("its header does not depend on the runs", () => {
    expect(renderCsv([]).trim().split(",")).toEqual(header);
    expect(new Set(header).size).toBe(header?.length);
  });
});
