import { describe, expect, it } from "vitest";
import { exampleSide, exampleStatistics } from "../../../test/unit-support/examples/example-side.ts";
import { comparePair } from "./comparison.ts";
import { renderComparisonMarkdown } from "./comparison-markdown.ts";
import { toComparisonPage } from "./comparison-page.ts";
import { formatChange } from "./comparison-rows.ts";
import type { ChangeVerdict, PairComparison } from "./comparison-types.ts";
import { judgeChange } from "./judge-change.ts";
import { renderComparison } from "./render-comparison.ts";
import type { Side, SideRun } from "./side.ts";

const options = { confidence: 0.95, allow: [] };
const base = exampleSide([100, 101, 99, 100, 100]);
const slower = exampleSide([120, 121, 119, 120, 120]);
const compare = (next: Side, from = base) => comparePair(from, next, "runs/new", options, []);
const find = (pair: PairComparison, key: string) => pair.metrics.find((metric) => metric.key === key);

describe("the verdict on a figure", () => {
  it.each<[string, Side, ChangeVerdict]>([
    ["slower", slower, "worse"],
    ["faster", exampleSide([80, 81, 79, 80, 80]), "better"],
    ["the same", exampleSide([100, 101, 99, 100.5, 100]), "within noise"],
    ["one run against repeats, far off", exampleSide([150]), "worse"],
    ["one run against repeats, as one of them might be", exampleSide([101]), "within noise"],
  ])("%s", (_, next, verdict) => {
    expect(find(compare(next), "ttft.p95")?.verdict).toBe(verdict);
  });

  it("a figure that only one side has is inconclusive, with the reason", () => {
    const without: Side = {
      ...slower,
      runs: slower.runs.map((run) => ({ ...run, figures: { ...run.figures, metrics: {} } })),
    };
    expect(find(compare(without), "ttft.p95")).toMatchObject({
      verdict: "cannot tell",
      reason: "NEW has none",
    });
    expect(find(compare(without), "tpot.p95")).toBeUndefined();
  });

  it("goodput with different objectives is not compared", () => {
    const goodput = (limitMs: number) => ({
      slos: [{ metric: "ttft" as const, limitMs, met: 90, missed: 10 }],
      ...{ met: 90, missed: 10, neverSent: 0, share: 0.9 },
    });
    const [a, b] = [100, 200].map((limitMs) => exampleSide([100, 100], { goodput: goodput(limitMs) }));
    const reason = "different objectives (`--slo`)";
    expect(find(compare(b as Side, a), "goodput")).toMatchObject({ verdict: "cannot tell", reason });
    expect(find(compare(a as Side, a), "goodput")?.verdict).toBe("within noise");
  });
});

it("marks figures whose tokens are counted by events on either side", () => {
  const estimated: Side = { ...slower, runs: slower.runs.map((run) => ({ ...run, estimated: true })) };
  for (const pair of [compare(estimated), compare(slower, { ...base, runs: estimated.runs })]) {
    expect(find(pair, "outputTokensPerSecond")?.title).toMatch(/ \(estimated\)$/);
    expect(find(pair, "ttft.p95")?.title).not.toContain("estimated");
  }
  expect(find(compare(slower), "outputTokensPerSecond")?.title).not.toContain("estimated");
});

describe("what to know before", () => {
  const withCache = (cached: number): Side => ({
    ...base,
    runs: base.runs.map((run) => ({
      ...run,
      figures: {
        ...run.figures,
        metrics: { promptTokens: exampleStatistics(100), cachedTokens: exampleStatistics(cached) },
      },
    })),
  });

  it("a cache that served a much larger share of one side's prompts", () => {
    expect(compare(withCache(70), withCache(10)).notes).toEqual([
      "! 10 % of the prompt tokens came from the server's cache in BASE and 70 % in NEW, so TTFT does not measure the same work.",
      expect.stringMatching(/^→ .*`--reset-cache auto`/),
    ]);
    expect(compare(withCache(15), withCache(10)).notes).toEqual([]);
  });

  it("repeats of one side that are not alike in it", () => {
    const [first, ...others] = withCache(12).runs;
    const [last] = withCache(99).runs;
    const uneven = { ...base, runs: [first as SideRun, ...others, last as SideRun] };
    expect(compare(uneven, uneven).notes.slice(0, 2)).toEqual([
      expect.stringMatching(/^! BASE: 12 % of the prompt tokens .* in #1 and 99 % in #\d/),
      expect.stringMatching(/^! NEW: 12 %/),
    ]);
  });

  it("different versions of server-bench, and each warning once with its runs", () => {
    const doubts = [{ code: "client_bottleneck", text: "The client was the bottleneck." }];
    const [first, ...others] = slower.runs;
    const doubtful = {
      ...slower,
      serverBench: "0.2.0",
      runs: [{ ...(first as SideRun), doubts }, ...others],
    };
    expect(compare(doubtful).notes).toEqual([
      expect.stringContaining("different versions of server-bench (0.1.0 and 0.2.0)"),
      "NEW: The client was the bottleneck. (in 1 of 5 repeats)",
    ]);
  });
});

describe("what must be the same", () => {
  it("a run that ended early is named", () => {
    const partial = { ...slower, runs: slower.runs.map((run) => ({ ...run, partial: "the server died" })) };
    expect(compare(partial).differences).toEqual([
      { key: "partial", group: "run", base: "whole", next: "the server died", allowed: false },
    ]);
  });
});

describe("renderings", () => {
  const requirement = {
    text: "ttft.p95 <= +10%",
    subject: "ttft",
    statistic: "p95",
    comparison: "<=",
  } as const;
  const judged = judgeChange(base, slower, { ...requirement, value: 0.1, change: "relative" }, 0.95);
  const pair = comparePair(base, slower, "runs/new", options, [judged]);
  const side = { source: "runs/base", name: "local", runs: pair.next.runs };
  const one = { schema: "server-bench/comparison/1", confidence: 0.95, base: side, pairs: [pair] } as const;
  const comparison = { ...one, pairs: [...one.pairs] };
  const two = { ...one, pairs: [pair, compare(exampleSide([100]))] };

  it.each([80, 110, 200])("the terminal's lines fit into %s columns", (width) => {
    for (const shown of [comparison, two]) {
      const text = renderComparison(shown, { width, colour: false, unicode: true });
      for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(width);
      expect(text).toContain("✗ FAILED  ttft.p95 <= +10%: +20 %");
    }
  });

  it("the terminal's colours follow the verdicts", () => {
    const text = renderComparison(comparison, { width: 110, colour: true, unicode: true });
    expect(text).toContain("\u001b[31mworse\u001b[0m");
    expect(text).not.toContain("\u001b[31mwithin noise");
  });

  it("Markdown has a group of columns for each NEW", () => {
    const text = renderComparisonMarkdown(two);
    expect(text).toContain("|  | BASE | NEW 1 | change | 95 % interval | verdict | NEW 2 |");
    expect(text).toContain("| ttft.p95 <= +10%: +20 %".replace("| ttft", "| NEW 1: ttft"));
    expect(text).toContain("**FAILED**");
  });

  it("the page has the changes and the distributions of every side", () => {
    const page = toComparisonPage(two, [base, slower, exampleSide([100])]);
    expect(page.verdict?.ok).toBe(false);
    const charts = page.sections.flatMap((section) => section.charts ?? []);
    expect(charts.map(({ id }) => id)).toEqual(["change-bars", "distribution-ttft"]);
    expect(charts.at(-1)).toMatchObject({
      series: [{ name: "BASE" }, { name: "NEW 1" }, { name: "NEW 2" }],
    });
  });
});

describe("a change in words", () => {
  it.each([
    [0.1234, "share", "+12.3 %"],
    [-0.005, "points", "−0.5 points"],
    [2.1, "ms", "+2.100 ms"],
    [0, "share", "0 %"],
  ] as const)("%s of %s: %s", (value, unit, text) => {
    expect(formatChange(value, unit)).toBe(text);
  });
});
