// report.html of real runs in a real browser: drawn without a fault, without a network, for every reader.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, describe, expect, it, type TestContext } from "vitest";
import { startFakeServer } from "./fake-server.ts";
import { makeFolder } from "./k6-run.ts";
import { runnerBundle, runRunner } from "./runner-run.ts";
import { needTool } from "./tool.ts";

const axeScript = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
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

let browser: Browser | undefined;
let report: Promise<string> | undefined;

afterAll(() => browser?.close());

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

interface Opened {
  page: Page;
  /** What must stay empty: errors, warnings of the console, requests but that of the file itself. */
  faults: string[];
}

async function open(
  context: TestContext,
  path: string,
  options: BrowserContextOptions = {},
): Promise<Opened> {
  const executablePath = needTool(context, "chromium");
  // Without its sandbox: CI runs as root, and the page is our own.
  browser ??= await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  const page = await browser.newPage({ viewport: { width: 1280, height: 850 }, ...options });
  const faults: string[] = [];
  page.on("console", (message) => void (message.type() !== "log" && faults.push(message.text())));
  page.on("pageerror", (error) => void faults.push(String(error)));
  page.on("request", (request) => void (request.url() !== `file://${path}` && faults.push(request.url())));
  await page.goto(`file://${path}`);
  await page.waitForSelector("html[data-ready]");
  return { page, faults };
}

async function scrollThrough(page: Page): Promise<void> {
  for (const chart of await page.locator(".chart").all()) {
    await chart.scrollIntoViewIfNeeded();
    await chart.locator("svg").waitFor();
  }
}

/** Asks the page itself: as text, since this project is checked without the types of a browser. */
function ask<T>(page: Page, expression: string): Promise<T> {
  return page.evaluate<T>(expression);
}

/** Ids of charts whose picture has nothing in it. */
function findEmpty(page: Page): Promise<string[]> {
  return ask(
    page,
    `[...document.querySelectorAll(".chart")]
      .filter((chart) => chart.querySelectorAll("svg path").length < 5 || chart.querySelector("svg text") === null)
      .map(({ id }) => id)`,
  );
}

async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = process.env.SERVER_BENCH_SCREENSHOTS;
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  await ask(page, "scrollTo(0, 0)");
  await page.screenshot({ path: join(folder, `report-${name}-first.png`) });
  await page.screenshot({ path: join(folder, `report-${name}.png`), fullPage: true });
}

interface AxeViolation {
  id: string;
  impact: string;
  nodes: { target: string[] }[];
}

/** What axe-core calls serious or critical, with the elements. */
async function findBarriers(page: Page): Promise<string[]> {
  // As the browser's own tool would: the page's policy lets no further script in by itself.
  await page.evaluate(readFileSync(axeScript, "utf8"));
  const violations = (await page.evaluate(
    "axe.run().then(({ violations }) => violations)",
  )) as AxeViolation[];
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
}

describe("report.html", () => {
  it.for(["light", "dark"] as const)(
    "is drawn whole and without barriers, %s",
    async (colorScheme, context) => {
      const { page, faults } = await open(context, await makeRun(), { colorScheme });
      await scrollThrough(page);
      expect(await page.locator(".chart").count()).toBeGreaterThanOrEqual(12);
      expect(await findEmpty(page)).toEqual([]);
      for (const id of SECTIONS) expect(await page.locator(`#${id}`).count(), id).toBe(1);
      expect(await page.locator("img").count()).toBe(0);
      expect(await page.locator("header b").textContent()).toBe("</script><img src=x>");
      for (const details of await page.locator("figure details").all())
        await details.locator("summary").click();
      expect(await page.locator("figure details tbody tr").count()).toBeGreaterThan(50);
      expect(await findBarriers(page)).toEqual([]);
      expect(faults).toEqual([]);
      await page.reload();
      await page.waitForSelector("html[data-ready]");
      await scrollThrough(page);
      await keepPicture(page, colorScheme);
      await page.close();
    },
  );

  it("has a finding in words at every chart, by which a screen reader tells it", async (context) => {
    const { page } = await open(context, await makeRun());
    await scrollThrough(page);
    for (const chart of await page.locator(".chart").all()) {
      expect(await chart.getAttribute("role")).toBe("img");
      expect(await chart.getAttribute("aria-label")).toMatch(/\d.*\.$/);
      expect((await chart.locator("xpath=..").locator("figcaption").textContent())?.length).toBeGreaterThan(
        20,
      );
    }
    await page.close();
  });

  it("is used by keyboard: the theme, a chart's values, its numbers, a copied text", async (context) => {
    const { page, faults } = await open(context, await makeRun(), {
      permissions: ["clipboard-read", "clipboard-write"],
    });
    const reached = new Set<string>();
    for (let presses = 0; presses < 300; presses += 1) {
      await page.keyboard.press("Tab");
      const name = await ask<string>(
        page,
        `(({ activeElement: at, body }) =>
          at === body ? "" : [at.tagName, at.id || at.dataset.copy || at.className].join(" "))(document)`,
      );
      if (name === "") break;
      reached.add(name);
    }
    expect([...reached]).toEqual(
      expect.arrayContaining(["BUTTON theme-toggle", "DIV time-ttft", "BUTTON command-k6", "A skip"]),
    );
    await page.locator("#theme-toggle").focus();
    await page.keyboard.press("Enter");
    expect(await page.locator("html").getAttribute("data-theme")).toBe("dark");
    await page.locator("#time-ttft").focus();
    await page.locator("#time-ttft svg").waitFor();
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => page.locator("#time-ttft").textContent()).toContain("median");
    await page.locator("details[data-chart=time-ttft] summary").focus();
    await page.keyboard.press("Enter");
    await page.locator("details[data-chart=time-ttft] table").waitFor();
    await page.locator("button[data-copy=command-k6]").focus();
    await page.keyboard.press("Enter");
    await page.getByText("Copied").waitFor();
    expect(await ask(page, "navigator.clipboard.readText()")).toMatch(/k6.* run /);
    expect(faults).toEqual([]);
    await page.close();
  });

  it("is as narrow as a phone", async (context) => {
    const { page, faults } = await open(context, await makeRun(), {
      viewport: { width: 360, height: 740 },
      deviceScaleFactor: 2,
      hasTouch: true,
    });
    await scrollThrough(page);
    expect(await ask(page, "document.documentElement.scrollWidth")).toBe(360);
    expect(await findEmpty(page)).toEqual([]);
    expect(await findBarriers(page)).toEqual([]);
    expect(faults).toEqual([]);
    await keepPicture(page, "phone");
    await page.close();
  });

  it("prints every chart, light, without having been scrolled", async (context) => {
    const { page, faults } = await open(context, await makeRun(), { colorScheme: "dark" });
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    await expect.poll(() => page.locator(".chart:not([data-drawn=light])").count()).toBe(0);
    // What comes into view later is drawn for paper, too.
    await scrollThrough(page);
    expect(await page.locator(".chart:not([data-drawn=light])").count()).toBe(0);
    expect(await findEmpty(page)).toEqual([]);
    await keepPicture(page, "print");
    for (const id of SECTIONS) expect(await page.locator(`#${id}`).isVisible(), id).toBe(true);
    expect(await ask(page, "getComputedStyle(document.body).backgroundColor")).toBe("rgb(255, 255, 255)");
    expect(faults).toEqual([]);
    await page.close();
  });

  it("runs no script but its own, whatever stands in it", async (context) => {
    const path = join(makeFolder(), "changed.html");
    const page = readFileSync(await makeRun(), "utf8");
    writeFileSync(path, page.replace("<footer>", "<script>document.title = 'taken over'</script><footer>"));
    const opened = await open(context, path);
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
    const args = [runnerBundle, "report", folder];
    const { exitCode, stderr, stdout } = await execa(process.execPath, args, { reject: false });
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`${join(folder, "report.html")} could not be written`);
    expect(stdout).toContain("Requests ");
    expect(existsSync(join(folder, "summary.json"))).toBe(true);
  });
});
