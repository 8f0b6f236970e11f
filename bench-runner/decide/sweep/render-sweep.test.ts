import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { examplePoint, exampleSweep } from "../../../test/unit-support/examples/example-sweep.ts";
import { renderChartPage } from "../../outputs/chart-page/render-chart-page.ts";
import { findOutcome } from "./find-outcome.ts";
import {
  renderHeader,
  renderRow,
  renderSweepCsv,
  renderSweepMarkdown,
  toSweepLegend,
  toVerdictText,
} from "./render-sweep.ts";
import type { SweepPoint } from "./sweep-file.ts";
import { toSweepPage } from "./sweep-page.ts";

const sweep = exampleSweep();
const file = { ...sweep, outcome: findOutcome(sweep, "found") };

describe("the table", () => {
  it("has a row per point, its cells below their titles", () => {
    const [titles = "", units = ""] = renderHeader(file).split("\n");
    const row = renderRow(file, file.points[2] as (typeof file.points)[0]);
    expect(row).toBe(
      "         4      4.000      4.000      100.0      200.0      20.00      200.0      56.00        100  does not: 60 % of the requests meet the SLOs, 95 % should",
    );
    expect(titles.length).toBe(units.length);
    for (const title of ["sent", "TTFT p50", "goodput"]) {
      expect(row.slice(0, titles.indexOf(title) + title.length)).toMatch(/\d$/);
    }
  });
  it("marks loads whose prompts came from the server's cache more than those of the first load", () => {
    const cached = (number: number, share: number) =>
      examplePoint(number, number, { figures: { cachedShare: share, ttftMedianMs: 1 } });
    const points = [cached(1, 0.12), cached(2, 0.2), cached(3, 0.93)];
    const rows = points.map((point) => renderRow({ ...file, points }, point));
    expect(rows[2]).toMatch(/meets · ! 93 % of the prompts cached, 12 % at first$/);
    expect(rows.slice(0, 2).join()).not.toContain("cached");
    const sentence = findOutcome({ ...sweep, points }, "found").sentence;
    expect(sentence).toContain(
      "The loads are not alike: 12 % of the prompt tokens came from the server's cache in the load of 1/s and 93 % in the load of 3/s",
    );
    expect(renderSweepMarkdown({ ...file, points })).toContain("! 93 % of the prompts cached");
    expect(renderSweepCsv({ ...file, points })).toContain("cached_share");
  });
  it("marks figures whose tokens were counted by events, in every rendering", () => {
    const estimated: NonNullable<SweepPoint["estimated"]> = ["outputTokensPerSecond", "tpotMedianMs"];
    const [first, second] = [examplePoint(1, 1, { estimated }), examplePoint(2, 2)];
    const marked = { ...file, points: [first, second] };
    expect(renderRow(marked, first)).toContain("      20.00~     50.00~     59.00 ");
    expect(renderRow(marked, second)).not.toContain("~");
    expect(renderRow(marked, first).length).toBe(renderRow(marked, second).length);
    expect(toSweepLegend(marked)).toEqual([expect.stringContaining("~ estimated")]);
    expect(toSweepLegend(file)).toEqual([]);
    expect(renderSweepMarkdown(marked)).toMatch(
      /\| 20\.00~ \| 50\.00~ \|[\s\S]*\n~ estimated: without usage/,
    );
    const page = renderChartPage(toSweepPage(marked), { script: "", style: "" });
    expect(page).toContain("<td>20.00~</td>");
    expect(page).toContain('<p class="note">~ estimated: ');
    expect(page).toContain("output tokens per second (estimated)");
    expect(page).not.toContain("per user (estimated)");
    const [row] = parse(renderSweepCsv(marked), { columns: true }) as Record<string, string>[];
    expect(row?.estimated).toBe("output_tokens_per_second tpot_median_ms");
  });
  it("has no goodput without SLOs, and no rate of a closed loop", () => {
    const goal = { ...file.goal, axis: "concurrency" as const };
    expect(renderHeader({ ...file, slos: [] })).not.toContain("goodput");
    expect(renderHeader({ ...file, goal })).not.toContain("sent");
  });
});

it.each([
  ["meets", {}],
  ["meets · p95 uncertified", { isCertified: false }],
  ["does not: a; b", { meets: false, misses: ["a", "b"] }],
  ["partial: stopped", { partial: true as const, misses: ["stopped"] }],
])("a verdict: %s", (text, more) => {
  expect(toVerdictText(examplePoint(1, 1, more))).toBe(text);
});
it("a verdict without a goal", () => {
  const { meets: _, ...point } = examplePoint(1, 1, { isSaturated: true, misses: ["the queue grew"] });
  expect(toVerdictText(point)).toBe("saturated: the queue grew");
});

it("the CSV has a row per point in the order of the loads", () => {
  const rows = parse(renderSweepCsv({ ...file, points: [...file.points].reverse() }), {
    columns: true,
  }) as Record<string, string>[];
  expect(rows.map(({ load, meets, ttft_median_ms }) => [load, meets, ttft_median_ms])).toEqual([
    ["1", "true", "100"],
    ["2", "true", "100"],
    ["4", "false", "100"],
  ]);
  expect(rows[2]?.misses).toBe("60 % of the requests meet the SLOs, 95 % should");
});

it("the Markdown has the answer, the goal, and a link to each run", () => {
  const text = renderSweepMarkdown(file);
  expect(text).toContain("Highest rate that meets the SLOs: 2/s");
  expect(text).toContain("Goal: SLO `ttft=500ms`.");
  for (const { folder } of file.points) expect(text).toContain(`(${folder}/report.html)`);
});

it("the page has the curves, each point linked to its run, and the answer", () => {
  const page = toSweepPage(file);
  const charts = page.sections.flatMap((section) => section.charts ?? []);
  expect(charts.map(({ id }) => id)).toEqual([
    ...["throughput-latency", "pareto", "goodput", "latency-load", "throughput-load"],
  ]);
  for (const chart of charts) {
    const series = chart.kind === "lines" ? chart.series : [];
    const links = series.flatMap(({ points }) => points.map(({ href }) => href));
    expect(links.length).toBeGreaterThan(0);
    for (const link of links) expect(link).toMatch(/^point-0\d-rate-\d\/report\.html$/);
  }
  expect(page.verdict).toEqual({ ok: true, text: file.outcome.sentence });
  expect(renderChartPage(page, { script: "", style: "" })).toContain('href="point-01-rate-1/report.html"');
});
