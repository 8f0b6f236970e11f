// A page of one file, opened in the system's Chromium: its faults, its charts, its barriers, its picture.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import type { TestContext } from "vitest";
import { needTool } from "./tool.ts";

const axeScript = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

let browser: Browser | undefined;

/** After the last page. */
export async function closeBrowser(): Promise<void> {
  await browser?.close();
  browser = undefined;
}

export interface OpenedPage {
  page: Page;
  /** What must stay empty: errors, warnings of the console, requests but that of the file itself. */
  faults: string[];
}

/** Ready, not scrolled. @param path of the file */
export async function openPage(
  context: TestContext,
  path: string,
  options: BrowserContextOptions = {},
): Promise<OpenedPage> {
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

/** Until every chart is drawn. */
export async function scrollThrough(page: Page): Promise<void> {
  for (const chart of await page.locator(".chart").all()) {
    await chart.scrollIntoViewIfNeeded();
    await chart.locator("svg").waitFor();
  }
}

/** Asks the page itself: as text, since this project is checked without the types of a browser. */
export function askPage<T>(page: Page, expression: string): Promise<T> {
  return page.evaluate<T>(expression);
}

/** Ids of charts whose picture has nothing in it. */
export function findEmpty(page: Page): Promise<string[]> {
  return askPage(
    page,
    `[...document.querySelectorAll(".chart")]
      .filter((chart) => chart.querySelectorAll("svg path").length < 5 || chart.querySelector("svg text") === null)
      .map(({ id }) => id)`,
  );
}

/** What the Tab key reaches, from the beginning to the end: "BUTTON theme-toggle". */
export async function listReached(page: Page): Promise<string[]> {
  const reached = new Set<string>();
  for (let presses = 0; presses < 300; presses += 1) {
    await page.keyboard.press("Tab");
    const name = await askPage<string>(
      page,
      `(({ activeElement: at, body }) =>
        at === body ? "" : [at.tagName, at.id || at.dataset.copy || at.className].join(" "))(document)`,
    );
    if (name === "") break;
    reached.add(name);
  }
  return [...reached];
}

/** Into the folder of SERVER_BENCH_SCREENSHOTS, for people to look at. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = process.env.SERVER_BENCH_SCREENSHOTS;
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  await askPage(page, "scrollTo(0, 0)");
  await page.screenshot({ path: join(folder, `${name}-first.png`) });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

interface AxeViolation {
  id: string;
  impact: string;
  nodes: { target: string[] }[];
}

/** What axe-core calls serious or critical, with the elements. */
export async function findBarriers(page: Page): Promise<string[]> {
  // As the browser's own tool would: the page's policy lets no further script in by itself.
  await page.evaluate(readFileSync(axeScript, "utf8"));
  const violations = (await page.evaluate(
    "axe.run().then(({ violations }) => violations)",
  )) as AxeViolation[];
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
}
