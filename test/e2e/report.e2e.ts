// report.html of real runs in a real browser: drawn without a fault, without a network, for every reader.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { startFakeServer } from "../fake/fake-server.ts";
import { findCollisions } from "../run/chart-collisions.ts";
import { makeFolder } from "../run/k6-run.ts";
import {
  askPage,
  changeColours,
  closeBrowser,
  findBarriers,
  findEmpty,
  keepPicture,
  listReached,
  openPage,
  scrollThrough,
  toggleTables,
} from "../run/opened-page.ts";
import { runRunner } from "../run/runner-run.ts";
import { needTool } from "../run/tool.ts";

const SECTIONS = [
  "latency",
  "over-time",
  "failures",
  "machine",
  "slowest-section",
  "statistics",
  "configuration",
  "files",
];

let report: Promise<string> | undefined;

afterAll(closeBrowser);

/** One run for all tests: an open loop with warm-up, of which some answers are cut and some refused. */
function makeRun(): Promise<string> {
  report ??= (async () => {
    let request = 0;
    const behaviour = () => {
      request += 1;
      const base = { tokens: 20, tokenDelayMs: 5, promptTokens: 20 + request } as const;
      return request % 7 === 0 ? ({ ...base, fault: { kind: "fin", afterTokens: 4 } } as const) : base;
    };
    const server = await startFakeServer({ behaviour });
    try {
      const shape = ["--rate", "25", "--arrivals", "constant", "--duration", "4s", "--warmup-time", "1s"];
      const run = await runRunner({
        args: ["--url", server.url, ...shape, "--name", `</script><img src=x>`],
      });
      if (run.folder === undefined) throw new Error(`The run left no folder: ${run.stderr}`);
      return join(run.folder, "report.html");
    } finally {
      await server.close();
    }
  })();
  return report;
}

describe("report.html", () => {
  it("is drawn whole and without barriers, light and dark", async (context) => {
    const { page, faults } = await openPage(context, await makeRun());
    for (const colorScheme of ["light", "dark"] as const) {
      await changeColours(page, colorScheme);
      await scrollThrough(page);
      expect(await page.locator(".chart").count()).toBeGreaterThanOrEqual(12);
      expect(await findEmpty(page)).toEqual([]);
      expect(await findCollisions(page)).toEqual([]);
      await keepPicture(page, `report-${colorScheme}`);
      for (const id of SECTIONS) expect(await page.locator(`#${id}`).count(), id).toBe(1);
      expect(await page.locator("img").count()).toBe(0);
      expect(await page.locator("header b").textContent()).toBe("</script><img src=x>");
      await toggleTables(page);
      expect(await page.locator("figure details tbody tr").count()).toBeGreaterThan(50);
      // Only its colours are others in the dark.
      expect(await findBarriers(page, colorScheme === "dark" ? ["color-contrast"] : undefined)).toEqual([]);
      await toggleTables(page);
    }
    for (const chart of await page.locator(".chart").all()) {
      expect(await chart.getAttribute("role")).toBe("img");
      // A finding in words, which a screen reader reads out.
      expect(await chart.getAttribute("aria-label")).toMatch(/\d.*\.$/);
      expect((await chart.locator("xpath=..").locator("figcaption").textContent())?.length).toBeGreaterThan(
        20,
      );
    }
    expect(faults).toEqual([]);
    await page.close();
  });

  it("is used by keyboard: the theme, a chart's values, its numbers, a copied text", async (context) => {
    const { page, faults } = await openPage(context, await makeRun());
    expect(await listReached(page)).toEqual(
      expect.arrayContaining(["BUTTON theme-toggle", "DIV time-ttft", "BUTTON command-k6", "A skip"]),
    );
    await page.locator("#theme-toggle").focus();
    await page.keyboard.press("Enter");
    expect(await page.locator("html").getAttribute("data-theme")).toBe("dark");
    await page.locator("#time-ttft").focus();
    await page.locator("#time-ttft svg").waitFor();
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => page.locator("#time-ttft").textContent()).toContain("single requests");
    await page.locator("details[data-chart=time-ttft] summary").focus();
    await page.keyboard.press("Enter");
    await page.locator("details[data-chart=time-ttft] table").waitFor();
    await page.locator("button[data-copy=command-k6]").focus();
    await page.keyboard.press("Enter");
    await page.getByText("Copied").waitFor();
    expect(await askPage(page, "navigator.clipboard.readText()")).toMatch(/k6.* run /);
    expect(faults).toEqual([]);
    await page.close();
  });

  it("is as narrow as a phone", async (context) => {
    const { page, faults } = await openPage(context, await makeRun(), {
      viewport: { width: 390, height: 740 },
    });
    await scrollThrough(page);
    expect(await askPage(page, "document.documentElement.scrollWidth")).toBe(390);
    expect(await findEmpty(page)).toEqual([]);
    expect(await findCollisions(page)).toEqual([]);
    expect(await findBarriers(page)).toEqual([]);
    expect(faults).toEqual([]);
    await keepPicture(page, "report-phone");
    await page.close();
  });

  it("prints every chart, light, without having been scrolled", async (context) => {
    const { page, faults } = await openPage(context, await makeRun(), { colorScheme: "dark" });
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    // However busy the machine is: as long as the browser needs.
    await page.locator(".chart:not([data-drawn=light])").first().waitFor({ state: "detached" });
    // What comes into view later is drawn for paper, too.
    await scrollThrough(page);
    expect(await page.locator(".chart:not([data-drawn=light])").count()).toBe(0);
    expect(await findEmpty(page)).toEqual([]);
    await keepPicture(page, "report-print");
    for (const id of SECTIONS) expect(await page.locator(`#${id}`).isVisible(), id).toBe(true);
    expect(await askPage(page, "getComputedStyle(document.body).backgroundColor")).toBe("rgb(255, 255, 255)");
    expect(faults).toEqual([]);
    await page.close();
  });

  it("runs no script but its own, whatever it contains", async (context) => {
    const path = join(makeFolder(), "changed.html");
    const page = readFileSync(await makeRun(), "utf8");
    writeFileSync(path, page.replace("<footer>", "<script>document.title = 'taken over'</script><footer>"));
    const opened = await openPage(context, path);
    expect(await opened.page.title()).not.toBe("taken over");
    expect(opened.faults.join("\n")).toContain("Content Security Policy");
    await opened.page.close();
  });

  it("costs no summary where it cannot be written", async (context) => {
    needTool(context, "chromium");
    const folder = join(makeFolder(), "run");
    cpSync(dirname(await makeRun()), folder, { recursive: true });
    rmSync(join(folder, "report.html"));
    rmSync(join(folder, "summary.json"));
    mkdirSync(join(folder, "report.html", "in the way"), { recursive: true });
    const { exitCode, stderr, stdout } = await runRunner({ args: ["report", folder] });
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`${join(folder, "report.html")} could not be written`);
    expect(stdout).toContain("Requests ");
    expect(existsSync(join(folder, "summary.json"))).toBe(true);
  });
});
