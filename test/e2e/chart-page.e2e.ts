// A page of charts in a real browser: drawn without a fault, without a network, for every reader.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { comparePair, toSideWords } from "../../bench-runner/decide/compare/comparison.ts";
import { toComparisonPage } from "../../bench-runner/decide/compare/comparison-page.ts";
import type { Comparison } from "../../bench-runner/decide/compare/comparison-types.ts";
import { toMatrix } from "../../bench-runner/decide/matrix/matrix.ts";
import { toLayout } from "../../bench-runner/decide/matrix/matrix-layout.ts";
import { toMatrixPage } from "../../bench-runner/decide/matrix/matrix-page.ts";
import { toSweepPage } from "../../bench-runner/decide/sweep/sweep-page.ts";
import type { ChartPage } from "../../bench-runner/outputs/chart-page/chart-page.ts";
import { renderChartPage } from "../../bench-runner/outputs/chart-page/render-chart-page.ts";
import { findCollisions } from "../run/chart-collisions.ts";
import { makeFolder } from "../run/k6-run.ts";
import {
  askPage,
  changeColours,
  changeWidth,
  closeBrowser,
  findBarriers,
  findEmpty,
  findScrolling,
  keepPicture,
  listReached,
  openPage,
  scrollThrough,
  toggleTables,
} from "../run/opened-page.ts";
import { exampleChartPage } from "../unit-support/examples/example-chart-page.ts";
import { mixed, request } from "../unit-support/examples/example-journal.ts";
import { makeExampleReport } from "../unit-support/examples/example-report.ts";
import { exampleRun } from "../unit-support/examples/example-runs.ts";
import { exampleSide } from "../unit-support/examples/example-side.ts";
import { exampleCurve } from "../unit-support/examples/example-sweep.ts";

/** Pages of every kind: what their charts say must not collide, whatever the run. */
const PAGES: readonly [name: string, make: (folder: string) => string | Promise<string>][] = [
  ["one request", (folder) => makeExampleReport(join(folder, "records.jsonl"), [request(1, 0)])],
  ["1,000 requests", (folder) => makeExampleReport(join(folder, "records.jsonl"), mixed(1000))],
  ["a sweep", () => renderChartPage(toSweepPage(exampleCurve()))],
  ["a matrix", () => renderChartPage(toMatrixPage(matrix, toLayout(matrix), () => "report.html"))],
  ["a comparison", () => renderChartPage(makeComparison(1))],
  ["a comparison of four sides", () => renderChartPage(makeComparison(3))],
];

const goodput = { slos: [], met: 90, missed: 10, neverSent: 0, share: 0.9, perSecond: 3 };

/** Two repeats of each, so that its figures have ranges. */
const matrix = toMatrix(
  ["Qwen2.5-0.5B-Instruct-Q4_K_M", "SmolLM2-135M"].flatMap((model) =>
    ["left", "a-long-host-name.example.org"].flatMap((host) =>
      [1, 4, 16].flatMap((clients) =>
        [clients, 1.3 * clients].map((slow) => exampleRun({ model, host, clients, slow, more: { goodput } })),
      ),
    ),
  ),
);

/** @param news sides that are compared with the base */
function makeComparison(news: number): ChartPage {
  const base = exampleSide([100, 101, 99, 100, 100]);
  const nexts = [120, 80, 101].slice(0, news).map((ms) => exampleSide([ms, ms + 1, ms - 1]));
  const options = { confidence: 0.95, allow: [] };
  const comparison: Comparison = {
    schema: "server-bench/comparison/1",
    confidence: options.confidence,
    base: toSideWords(base, "runs/base"),
    pairs: nexts.map((next, at) => comparePair(base, next, `runs/next-${at}`, options, [])),
  };
  return toComparisonPage(comparison, [base, ...nexts]);
}

const CHARTS = ["bars-upright", "trade-off", "lines-shared", "bars-lying"];

afterAll(closeBrowser);

/** The example as a file, with a run's report where its links lead. */
function makePage(): string {
  const folder = makeFolder();
  for (const run of ["a", "run-1"]) {
    mkdirSync(join(folder, run));
    writeFileSync(join(folder, run, "report.html"), `<!doctype html><title>report of ${run}</title>`);
  }
  const path = join(folder, "page.html");
  writeFileSync(path, renderChartPage(exampleChartPage()));
  return path;
}

describe("a page of charts", () => {
  it("is drawn whole and without barriers, light and dark", async (context) => {
    const { page, faults } = await openPage(context, makePage());
    for (const colorScheme of ["light", "dark"] as const) {
      await changeColours(page, colorScheme);
      await scrollThrough(page);
      for (const id of CHARTS) expect(await page.locator(`#${id} svg`).count(), id).toBe(1);
      expect(await findEmpty(page)).toEqual([]);
      expect(await findCollisions(page)).toEqual([]);
      await keepPicture(page, `chart-page-${colorScheme}`);
      for (const id of ["throughput", "latency", "numbers"]) {
        expect(await page.locator(`section#${id}`).count(), id).toBe(1);
      }
      await toggleTables(page);
      // Only its colours are others in the dark.
      expect(await findBarriers(page, colorScheme === "dark" ? ["color-contrast"] : undefined)).toEqual([]);
      await toggleTables(page);
    }
    expect(faults).toEqual([]);
    await page.close();
  });

  it("has the numbers of its charts in tables: gaps are empty, ranges are said, links lead on", async (context) => {
    const { page } = await openPage(context, makePage());
    const rowsOf = async (id: string) => {
      await page.locator(`details[data-chart=${id}] summary`).click();
      await page.locator(`details[data-chart=${id}] table`).waitFor();
      const rows = await page.locator(`details[data-chart=${id}] tr`).all();
      return Promise.all(rows.map(async (row) => (await row.locator("th,td").allTextContents()).join("|")));
    };
    expect(await rowsOf("bars-upright")).toEqual([
      "|0.5B|7B",
      "llama-server|152.4 tokens/s|48.10 tokens/s",
      "vLLM|211.0 tokens/s|",
      "SGLang|198.0 tokens/s|61.00 tokens/s",
    ]);
    expect((await rowsOf("lines-shared")).slice(0, 4)).toEqual([
      "clients|llama-server b10068|baseline|of nothing",
      "1|40.00 ms (36.00 ms to 47.00 ms)|55.00 ms|0.000 ms",
      "2|80.00 ms (72.00 ms to 94.00 ms)|102.6 ms|",
      "4|160.0 ms (144.0 ms to 188.0 ms)||",
    ]);
    expect((await rowsOf("trade-off"))[1]).toBe("this server|1 clients|120.0 tokens/s|60.00 ms");
    await page.locator("details[data-chart=bars-upright] td a").first().click();
    expect(await page.title()).toBe("report of a");
    await page.close();
  });

  it("is used by keyboard: the theme, every value of a chart, the run behind a value", async (context) => {
    const { page, faults } = await openPage(context, makePage());
    expect(await listReached(page)).toEqual(
      expect.arrayContaining(["BUTTON theme-toggle", "A skip", ...CHARTS.map((id) => `DIV ${id}`)]),
    );
    await page.locator("#theme-toggle").focus();
    await page.keyboard.press("Enter");
    expect(await page.locator("html").getAttribute("data-theme")).toBe("dark");
    const chart = page.locator("#bars-upright");
    await chart.focus();
    await chart.locator("svg").waitFor();
    const seen: string[] = [];
    for (let presses = 0; presses < 7; presses += 1) {
      await page.keyboard.press("ArrowRight");
      seen.push((await chart.locator("> div").last().textContent()) ?? "");
    }
    // The last value stays the last one; the missing bar is no stop.
    expect(seen.map((text) => text.replace("press Enter or click to open", ""))).toEqual([
      "llama-server · 0.5B152.4 tokens/s",
      "llama-server · 7B48.10 tokens/s",
      "vLLM · 0.5B211.0 tokens/s",
      "SGLang · 0.5B198.0 tokens/s",
      "SGLang · 7B61.00 tokens/s",
      "SGLang · 7B61.00 tokens/s",
      "SGLang · 7B61.00 tokens/s",
    ]);
    expect(faults).toEqual([]);
    await page.locator("#trade-off").focus();
    await page.locator("#trade-off svg").waitFor();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await page.waitForURL(/run-1\/report\.html$/);
    await page.close();
  });

  it.for(PAGES)(
    "has charts of %s whose texts collide with nothing, on a desk and on a phone",
    async ([, make], context) => {
      const folder = makeFolder();
      const path = join(folder, "page.html");
      writeFileSync(path, await make(folder));
      const { page, faults } = await openPage(context, path);
      await scrollThrough(page);
      expect(await findCollisions(page)).toEqual([]);
      expect(await findScrolling(page)).toEqual([]);
      expect(await askPage(page, "document.documentElement.scrollWidth")).toBe(1200);
      await changeWidth(page, 390);
      expect(await findCollisions(page)).toEqual([]);
      expect(await askPage(page, "document.documentElement.scrollWidth")).toBe(390);
      expect(faults).toEqual([]);
      await page.close();
    },
  );

  it("keeps the names of the rows in view where a table scrolls, on a phone", async (context) => {
    const path = join(makeFolder(), "page.html");
    writeFileSync(path, renderChartPage(toMatrixPage(matrix, toLayout(matrix), () => "report.html")));
    const { page, faults } = await openPage(context, path, { viewport: { width: 390, height: 740 } });
    const lefts = await askPage<number[]>(
      page,
      `(() => {
        const place = document.querySelector("#numbers .scroll");
        place.scrollLeft = 200;
        return [place, ...place.querySelectorAll("tr > :first-child")].map((one) => one.getBoundingClientRect().left);
      })()`,
    );
    expect(await findScrolling(page)).toContain("All numbers");
    expect(new Set(lefts).size).toBe(1);
    expect(faults).toEqual([]);
    await page.close();
  });

  it("is as narrow as a phone", async (context) => {
    const { page, faults } = await openPage(context, makePage(), {
      viewport: { width: 390, height: 740 },
    });
    await scrollThrough(page);
    expect(await askPage(page, "document.documentElement.scrollWidth")).toBe(390);
    expect(await findEmpty(page)).toEqual([]);
    expect(await findCollisions(page)).toEqual([]);
    expect(await findBarriers(page)).toEqual([]);
    expect(faults).toEqual([]);
    await keepPicture(page, "chart-page-phone");
    await page.close();
  });

  it("prints every chart, light, without having been scrolled", async (context) => {
    const { page, faults } = await openPage(context, makePage(), { colorScheme: "dark" });
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    // However busy the machine is: as long as the browser needs.
    await page.locator(".chart:not([data-drawn=light])").first().waitFor({ state: "detached" });
    expect(await findEmpty(page)).toEqual([]);
    expect(faults).toEqual([]);
    await keepPicture(page, "chart-page-print");
    await page.close();
  });
});
